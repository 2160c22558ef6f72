package io.meshagent.it.programs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The entries of a large fleet, written into an etcd by its HTTP gateway, a hundred at a time: what
 * the agents of its instances would write, one by one. The addresses are of loopback. Not
 * thread-safe.
 */
final class Fleet {

  private static final int BATCH = 100;

  private final String etcd;
  private final String prefix;
  private final List<String> operations = new ArrayList<>();

  Fleet(String etcd, String prefix) {
    this.etcd = etcd;
    this.prefix = prefix;
  }

  static String service(int number) {
    return String.format("shop.team%02d.v1.Service%03d", number % 20, number);
  }

  /** An address that no other instance has, and where nobody listens. */
  static String address(int service, int instance) {
    return "127." + (1 + service) + "." + instance / 200 + "." + (1 + instance % 200) + ":1";
  }

  /** An instance that says of itself what ours say. */
  void put(int service, String address, int weight) throws IOException {
    String host = address.substring(0, address.indexOf(':'));
    String value =
        "{\"Op\":0,\"Addr\":\""
            + address
            + "\",\"Metadata\":null,\"Mesh\":{\"admin\":\""
            + host
            + ":9464\",\"agent\":\"0.1.0-SNAPSHOT\",\"app\":\"app-"
            + service
            + "\",\"labels\":{\"lane\":\"stable\",\"team\":\"team-"
            + service % 20
            + "\"},\"scheme\":\"http\",\"started\":\""
            + (1_700_000_000_000L + 7_919L * address.hashCode())
            + "\",\"version\":\"1.4."
            + service % 7
            + "\",\"weight\":"
            + weight
            + ",\"zone\":\"eu-1"
            + (char) ('a' + (address.hashCode() & 3))
            + "\"}}";
    add("{\"requestPut\":{\"key\":\"%s\",\"value\":\"%s\"}}", key(service, address), value);
  }

  void delete(int service, String address) throws IOException {
    add("{\"requestDeleteRange\":{\"key\":\"%s\"}}", key(service, address));
  }

  private String key(int service, String address) {
    return prefix + "/" + service(service) + "/" + address;
  }

  private void add(String format, String... texts) throws IOException {
    Object[] encoded = new Object[texts.length];
    for (int i = 0; i < texts.length; i++) {
      encoded[i] = Base64.getEncoder().encodeToString(texts[i].getBytes(StandardCharsets.UTF_8));
    }
    operations.add(String.format(format, encoded));
    if (operations.size() == BATCH) {
      flush();
    }
  }

  /** Sends what has not been sent yet. */
  void flush() throws IOException {
    if (operations.isEmpty()) {
      return;
    }
    HttpURLConnection http = (HttpURLConnection) new URL(etcd + "/v3/kv/txn").openConnection();
    http.setDoOutput(true);
    String body = "{\"success\":[" + String.join(",", operations) + "]}";
    try (OutputStream out = http.getOutputStream()) {
      out.write(body.getBytes(StandardCharsets.UTF_8));
    }
    if (http.getResponseCode() != 200) {
      throw new IOException("etcd answered " + http.getResponseCode());
    }
    byte[] buffer = new byte[8_192];
    try (InputStream in = http.getInputStream()) {
      while (in.read(buffer) >= 0) {
        // Read to its end, so that the connection is used again.
      }
    }
    operations.clear();
  }
}
