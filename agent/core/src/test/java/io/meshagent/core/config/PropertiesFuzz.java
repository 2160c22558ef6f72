package io.meshagent.core.config;

import io.meshagent.core.cli.CommandLine;
import io.meshagent.core.fuzz.FuzzTarget;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A configuration file that anybody may have written. */
public final class PropertiesFuzz implements FuzzTarget {

  private static final int MOST_TEXT = 200_000;

  @Override
  public List<String> samples() {
    List<String> samples = new ArrayList<>();
    for (Key<?> key : TestSettings.KEYS.all()) {
      samples.add(key.name() + "=" + key.defaultText() + "\n");
    }
    samples.add("client.timeout@helloworld.Greeter/SayHello=300ms\nclient.breaker.window@a.*: 5s");
    samples.add("etcd.endpoints=http://10.0.0.5:2379,\\\n  https://[fd00::1]:2379\n# a comment\n");
    samples.add("discover.allow-addresses=10.0.0.0/8,fd00::/8,::ffff:10.0.0.0/104\n");
    samples.add("registry.read=kratos:/microservices,go-zero:greet.rpc=helloworld.Greeter\n");
    samples.add("app.labels=tier=gold,lane=blue\nserver.rate-limit.rate@*=100/s\n");
    return samples;
  }

  @Override
  public void take(byte[] input, Random random, Path folder) throws IOException {
    Path file = folder.resolve("mesh-agent.properties");
    Files.write(file, input);
    Settings settings = ConfigLoader.loadFile(TestSettings.KEYS, file);
    long said = settings.problems().stream().mapToLong(each -> each.toString().length()).sum();
    if (said > MOST_TEXT) {
      throw new AssertionError(settings.problems().size() + " problems in " + said + " characters");
    }
    for (Key<?> key : TestSettings.KEYS.all()) {
      Object unused = settings.select(key, "a.B/C").value();
    }
    if (settings.sources().size() < TestSettings.KEYS.all().size()) {
      throw new AssertionError("settings are missing");
    }
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    int status =
        CommandLine.run(new String[] {"check", "--offline", file.toString()}, nowhere, nowhere);
    if (status != (settings.problems().isEmpty() ? 0 : 1)) {
      throw new AssertionError("check ends with " + status);
    }
  }
}
