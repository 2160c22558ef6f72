package io.meshagent.core.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Inputs that nobody would write who means well: good ones cut, spliced, blown up; and noise. */
final class HostileBytes {

  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    ":",
    ",",
    "/",
    "=",
    "@",
    "*",
    "%",
    "%00",
    "%zz",
    "\0",
    "\r",
    "\n",
    "\t",
    "\\\n",
    "\u001b[2J",
    "\u202e",
    "\ufeff",
    "\ud83d\ude00",
    "null",
    "true",
    "-1",
    "1e999999999",
    "0x10",
    "99999999999999999999",
    "NaN",
    "..",
    "\\u0000",
    "\\ud800",
    "Op",
    "Addr",
    "Metadata",
    "Mesh",
    "labels",
    "weight",
    "endpoints",
    "metadata",
    "grpc://",
    "?isSecure=true",
    "169.254.169.254:80",
    "[::ffff:169.254.169.254]:80",
    "[::ffff:a9fe:a9fe]:80",
    "[fe80::1]:80",
    "[fe80::1%eth0]:80",
    "[ff02::1]:80",
    "[::]:80",
    "0.0.0.0:80",
    "0.1.2.3:80",
    "224.0.0.1:80",
    "0251.0376.0251.0376:80",
    "2852039166:80",
    "some.name:80",
    "a.B/",
    "kratos",
    "etcd.prefix",
    "etcd.endpoints",
    "discover.allow-addresses",
    "client.timeout@",
    "/a".repeat(3_000),
    "[".repeat(20_000),
    "{\"a\":".repeat(5_000),
    "{\"labels\":".repeat(300),
    "a".repeat(70_000),
    "9".repeat(5_000),
    "a.".repeat(2_000),
    "*".repeat(200),
    "\\".repeat(3_001),
  };

  private final Random random;
  private final List<String> samples;

  HostileBytes(Random random, List<String> samples) {
    this.random = random;
    this.samples = samples;
  }

  byte[] next() {
    if (random.nextInt(20) == 0) {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] bytes = sample();
    for (int changes = random.nextInt(6); changes > 0 && bytes.length < 1 << 20; changes--) {
      bytes = change(bytes);
    }
    return bytes;
  }

  private byte[] sample() {
    return samples.get(random.nextInt(samples.size())).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] change(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int to = at + random.nextInt(bytes.length - at + 1);
    return switch (random.nextInt(8)) {
      case 0 -> joined(bytes, at, new byte[0], bytes.length);
      case 1 -> joined(bytes, at, new byte[0], to);
      case 2 -> {
        byte[] noise = new byte[random.nextInt(8)];
        random.nextBytes(noise);
        yield joined(bytes, at, noise, Math.min(bytes.length, at + noise.length));
      }
      case 3 -> joined(bytes, at, sample(), to);
      case 4 -> joined(bytes, at, repeated(bytes, at, to), at);
      default -> {
        byte[] piece = PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8);
        yield joined(bytes, at, piece, random.nextBoolean() ? at : to);
      }
    };
  }

  private byte[] repeated(byte[] bytes, int from, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int times = 1 << random.nextInt(12);
    for (int i = 0; i < times && out.size() < 200_000; i++) {
      out.write(bytes, from, to - from);
    }
    return out.toByteArray();
  }

  private static byte[] joined(byte[] bytes, int before, byte[] middle, int after) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, before);
    out.write(middle, 0, middle.length);
    out.write(bytes, after, bytes.length - after);
    return out.toByteArray();
  }
}
