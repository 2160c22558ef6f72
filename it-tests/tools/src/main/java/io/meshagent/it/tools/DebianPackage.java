package io.meshagent.it.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Downloads a package of Debian or Ubuntu and unpacks it, without root and without installing it.
 */
public final class DebianPackage {

  private DebianPackage() {}

  public static boolean possible() {
    return Commands.onPath("apt-get").isPresent() && Commands.onPath("dpkg").isPresent();
  }

  /** Says what came of it; whether what is wanted is there is for the caller to see. */
  public static String unpack(String name, Path directory) {
    Path downloads = Places.create(directory.resolve("download"));
    // The machine's own lists, if it has any and they are not too old.
    Commands.Result download = Commands.run(downloads, "apt-get", "download", name);
    if (!download.ok()) {
      // Lists of our own: needs no root, and changes nothing on the machine. A foreign source that
      // can't be read makes this fail and does not matter, so only the download is judged.
      List<String> update = apt(directory);
      update.add("update");
      Commands.run(downloads, update);
      List<String> again = apt(directory);
      again.addAll(List.of("download", name));
      download = Commands.run(downloads, again);
    }
    if (!download.ok()) {
      return "apt-get download " + name + ", which said: " + download.tail();
    }
    try (DirectoryStream<Path> packages = Files.newDirectoryStream(downloads, name + "_*.deb")) {
      for (Path file : packages) {
        Commands.Result unpacked =
            Commands.run(downloads, "dpkg", "-x", file.toString(), directory.toString());
        Files.delete(file);
        if (!unpacked.ok()) {
          return "dpkg -x " + file.getFileName() + ", which said: " + unpacked.tail();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "the package " + name + ", which does not hold the program.";
  }

  private static List<String> apt(Path directory) {
    Path lists = directory.resolve("apt/lists");
    Path cache = directory.resolve("apt/cache");
    Places.create(lists.resolve("partial"));
    Places.create(cache.resolve("archives/partial"));
    return new ArrayList<>(
        List.of(
            "apt-get",
            "-o",
            "Dir::State::Lists=" + lists,
            "-o",
            "Dir::Cache=" + cache,
            "-o",
            "APT::Sandbox::User=root"));
  }
}
