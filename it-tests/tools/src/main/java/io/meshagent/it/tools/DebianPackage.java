package io.meshagent.it.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Downloads packages of Debian or Ubuntu and unpacks them, without root and without installing
 * them.
 */
public final class DebianPackage {

  private DebianPackage() {}

  public static boolean possible() {
    return Commands.onPath("apt-get").isPresent() && Commands.onPath("dpkg").isPresent();
  }

  /** Says what came of it; whether what is wanted is there is for the caller to see. */
  public static String unpack(String name, Path directory) {
    return unpack(List.of(name), directory);
  }

  /** The same for several that belong together: all or, if one is not known, none. */
  public static String unpack(List<String> names, Path directory) {
    return Fetching.alone(() -> unpackAlone(names, directory));
  }

  private static String unpackAlone(List<String> names, Path directory) {
    String all = String.join(" ", names);
    Fetching.say("Debian's packages: " + all);
    Path downloads = Places.create(directory.resolve("download"));
    // The machine's own lists, if it has any and they are not too old.
    Commands.Result download = Commands.run(downloads, command(List.of("apt-get"), names));
    if (!download.ok()) {
      // Lists of our own: needs no root, and changes nothing on the machine. A foreign source that
      // can't be read makes this fail and does not matter, so only the download is judged.
      List<String> update = apt(directory);
      update.add("update");
      Commands.run(downloads, update);
      download = Commands.run(downloads, command(apt(directory), names));
    }
    if (!download.ok()) {
      return "apt-get download " + all + ", which said: " + download.tail();
    }
    try (DirectoryStream<Path> packages = Files.newDirectoryStream(downloads, "*_*.deb")) {
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
    return "the package " + all + ", which does not hold the program.";
  }

  private static List<String> command(List<String> apt, List<String> names) {
    List<String> command = new ArrayList<>(apt);
    command.add("download");
    command.addAll(names);
    return command;
  }

  /** What a package depends on itself, by the lists that {@link #unpack} used there last. */
  static List<String> needs(String name, Path directory) {
    List<String> command = new ArrayList<>(List.of("apt-cache"));
    if (Files.isDirectory(directory.resolve("apt/lists"))) {
      List<String> own = apt(directory);
      command.addAll(own.subList(1, own.size()));
    }
    command.addAll(List.of("depends", "--important", name));
    return Commands.run(directory, command)
        .output()
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("Depends: "))
        .map(line -> line.substring("Depends: ".length()))
        .toList();
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
            "APT::Sandbox::User=root",
            // Images of Debian keep no index of the lists, and read them anew for each command.
            "-o",
            "Dir::Cache::pkgcache=pkgcache.bin",
            "-o",
            "Dir::Cache::srcpkgcache=srcpkgcache.bin"));
  }
}
