package io.meshagent.it.tools;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A program that the tests need beside Java. It is taken from where the user says, from the PATH,
 * or unpacked into the build directory, installed nowhere. When it can't be had the test fails and
 * says what to do; it is never skipped.
 */
public final class Tool {

  private final String name;
  private final String environment;
  private final String debianPackage;

  public Tool(String name, String environment, String debianPackage) {
    this.name = name;
    this.environment = environment;
    this.debianPackage = debianPackage;
  }

  /** The variable by which a user says where it is. */
  String environment() {
    return environment;
  }

  /** Where it is without fetching anything. */
  public Optional<Path> present() {
    String named = System.getenv().getOrDefault(environment, "");
    String setting = Places.setting(name + ".binary", named);
    if (!setting.isEmpty()) {
      Path binary = Path.of(setting);
      if (!Files.isExecutable(binary)) {
        throw new IllegalStateException(
            environment + " says " + binary + ", and no program is there.");
      }
      return Optional.of(binary.toAbsolutePath());
    }
    return Commands.onPath(name);
  }

  /** The program, fetched if need be. */
  public Path path() {
    return present().orElseGet(() -> Fetching.alone(this::unpackedOrFetched));
  }

  private Path unpackedOrFetched() {
    Path directory = Places.create(Places.target().resolve("tools").resolve(name));
    Path unpacked = directory.resolve("usr/bin").resolve(name);
    Path released = directory.resolve("release").resolve(name);
    if (Files.isExecutable(unpacked)) {
      return unpacked;
    }
    if (Files.isExecutable(released)) {
      return released;
    }
    String tried;
    if (DebianPackage.possible()) {
      tried = DebianPackage.unpack(debianPackage, directory);
      if (Files.isExecutable(unpacked)) {
        return unpacked;
      }
    } else if (name.startsWith("etcd")) {
      tried = EtcdRelease.unpack(directory.resolve("release"));
      if (Files.isExecutable(released)) {
        return released;
      }
    } else {
      tried = "this system has no apt-get and dpkg, with which the tests could unpack it.";
    }
    throw new IllegalStateException(
        "The tests need "
            + name
            + " and could not get it: install it (Debian and Ubuntu: apt-get install "
            + debianPackage
            + ") or set "
            + environment
            + " to the program. What was tried: "
            + tried);
  }
}
