package io.meshagent.it.harness;

import io.meshagent.it.tools.DebianPackage;
import io.meshagent.it.tools.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/**
 * A wall clock that a test sets while programs run, as an administrator or a time service would.
 * The programs get it by libfaketime, which stands between them and the system's clock; their
 * monotonic clock is left alone, as the system's is when its wall clock is set. For the test's
 * thread.
 */
public final class ClockSteps {

  private static final String LIBRARY = "libfaketimeMT.so.1";

  private final Path file = Places.newDirectory("clock").resolve("offset");

  public ClockSteps() {
    set(Duration.ZERO);
  }

  /** The program lives by this clock. */
  public JvmBuilder on(JvmBuilder program) {
    return program
        .env("LD_PRELOAD", library().toString())
        .env("FAKETIME_TIMESTAMP_FILE", file.toString())
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        // Else every timed wait of a JVM returns at once: they go by the monotonic clock.
        .env("FAKETIME_FORCE_MONOTONIC_FIX", "0");
  }

  /** From now on the clock is so much ahead of the real one, or behind it if negative. */
  public void set(Duration ahead) {
    Path next = file.resolveSibling("next");
    try {
      Files.writeString(next, "%+d".formatted(ahead.toSeconds()));
      Path unused = Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static synchronized Path library() {
    Path unpacked = Places.create(Places.target().resolve("tools").resolve("faketime"));
    String tried = "this system has no apt-get and dpkg, with which the tests could unpack it.";
    for (int tries = 0; tries < 2; tries++) {
      for (Path root : List.of(Path.of("/"), unpacked)) {
        for (String folder : List.of("usr/lib", "usr/lib/" + architecture())) {
          Path library = root.resolve(folder).resolve("faketime").resolve(LIBRARY);
          if (Files.isRegularFile(library)) {
            return library;
          }
        }
      }
      if (tries == 0 && DebianPackage.possible()) {
        tried = DebianPackage.unpack("libfaketime", unpacked);
      }
    }
    throw new IllegalStateException(
        "The tests need "
            + LIBRARY
            + " and could not get it: install it (Debian and Ubuntu: apt-get install libfaketime)."
            + " What was tried: "
            + tried);
  }

  private static String architecture() {
    String cpu = System.getProperty("os.arch");
    return ("amd64".equals(cpu) ? "x86_64" : cpu) + "-linux-gnu";
  }
}
