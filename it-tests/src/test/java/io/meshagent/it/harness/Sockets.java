package io.meshagent.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Which process a connection belongs to, as Linux tells it in {@code /proc}. */
final class Sockets {

  private Sockets() {}

  /** Whether a process of this user has the local end of a connection over loopback. */
  static boolean isOpenIn(long pid, int localPort, int remotePort) {
    try {
      String inode = inode(localPort, remotePort);
      return inode != null && has(pid, "socket:[" + inode + "]");
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Which process a connection belongs to can't be read from /proc, so this test needs"
              + " Linux.",
          e);
    }
  }

  private static String inode(int localPort, int remotePort) throws IOException {
    String local = ":%04X".formatted(localPort).toUpperCase(Locale.ROOT);
    String remote = ":%04X".formatted(remotePort).toUpperCase(Locale.ROOT);
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] words = line.strip().split("\\s+", -1);
        if (words.length > 9 && words[1].endsWith(local) && words[2].endsWith(remote)) {
          return words[9];
        }
      }
    }
    return null;
  }

  private static boolean has(long pid, String socket) throws IOException {
    try (DirectoryStream<Path> open =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path each : open) {
        if (isLink(each, socket)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isLink(Path file, String to) throws IOException {
    try {
      return Files.readSymbolicLink(file).toString().equals(to);
    } catch (NoSuchFileException e) {
      // Closed since it was listed.
      return false;
    }
  }
}
