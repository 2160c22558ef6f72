package io.meshagent.it.tools;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/** The official release archive of etcd, for systems without Debian's packages. */
public final class EtcdRelease {

  private static final String VERSION = "v3.5.6";

  /**
   * The archives' SHA-256 as public build files name them; a wrong one fails the download, never
   * lets it pass. Users of another platform install etcd themselves.
   */
  private static final Map<String, String> SHA256 =
      Map.of(
          "linux-amd64.tar.gz", "4db32e3bc06dd0999e2171f76a87c1cffed8369475ec7aa7abee9023635670fb",
          "linux-arm64.tar.gz", "888e25c9c94702ac1254c7655709b44bb3711ebaabd3cb05439f3dd1f2b51a87",
          "darwin-amd64.zip", "eb0bca1ef939c4abd1d73dc61ef7e019cdc5e97a38e2e99ad2aac34aeb8266ee",
          "darwin-arm64.zip", "5a70e3b323caa05e4c87f2669686d34c10c557ea59233e611acd6ee330877e79");

  private EtcdRelease() {}

  /** Puts the release's files into the directory, or says what went wrong. */
  public static String unpack(Path directory) {
    String platform = platform();
    String sum = SHA256.get(platform);
    if (sum == null) {
      return "there is no release of etcd whose checksum is known for this platform ("
          + platform
          + ").";
    }
    URI source =
        URI.create(
            "https://github.com/etcd-io/etcd/releases/download/%s/etcd-%s-%s"
                .formatted(VERSION, VERSION, platform));
    Path archive = Places.create(directory).resolve("archive-" + platform);
    try {
      String got = download(source, archive);
      if (!got.equals(sum)) {
        Files.delete(archive);
        return source + " has the SHA-256 " + got + " where " + sum + " is right; it was not used.";
      }
    } catch (IOException e) {
      return source + ", which can't be read: " + e;
    }
    // On a Mac, where the archive is a zip, tar reads that too.
    Commands.Result tar =
        Commands.run(directory, "tar", "-xf", archive.toString(), "--strip-components=1");
    return "tar -xf " + archive + ", which said: " + tar.tail();
  }

  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    String cpu =
        switch (arch) {
          case "x86_64", "amd64" -> "amd64";
          case "aarch64" -> "arm64";
          default -> arch;
        };
    return os.startsWith("mac") ? "darwin-" + cpu + ".zip" : "linux-" + cpu + ".tar.gz";
  }

  private static String download(URI source, Path target) throws IOException {
    HttpClient http =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(20))
            .build();
    try {
      HttpResponse<InputStream> response =
          http.send(
              HttpRequest.newBuilder(source).timeout(Duration.ofMinutes(3)).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        throw new IOException("it answered " + response.statusCode());
      }
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream body = new DigestInputStream(response.body(), digest)) {
        Files.copy(body, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
