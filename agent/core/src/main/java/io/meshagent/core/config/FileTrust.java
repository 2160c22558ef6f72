package io.meshagent.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Map;

/**
 * Whether a configuration file that nobody named may be believed: only if nobody could have put it
 * there but this user, root, or whoever owns the agent's jar and so could do anything. Where the
 * system knows no owners by number, on Windows say, every file is believed. Stateless; blocks for
 * the disk.
 */
final class FileTrust {

  private static final int ROOT = 0;
  private static final int GROUP_MAY_WRITE = 0020;
  private static final int OTHERS_MAY_WRITE = 0002;

  /** Nobody has it. */
  private static final int UNKNOWN = -1;

  private FileTrust() {}

  /**
   * Looks at the file, what it is a link to, and the folders of both.
   *
   * @param jar the agent's jar, if the file was found beside it; may be null
   * @return why it is not believed, to follow "because"; null if it is
   */
  static String problem(Path file, Path jar) {
    try {
      if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
        return null;
      }
      int me = ownerOf(Paths.get("/proc/self"));
      int jarOwner = jar == null ? UNKNOWN : ownerOf(jar);
      Path absolute = file.toAbsolutePath();
      Path real = absolute.toRealPath();
      for (Path each : new Path[] {real, real.getParent(), absolute.getParent()}) {
        Map<String, Object> seen = Files.readAttributes(each, "unix:uid,gid,mode");
        String problem =
            problem(
                each.equals(real) ? "it" : "its folder " + each,
                (Integer) seen.get("uid"),
                (Integer) seen.get("gid"),
                (Integer) seen.get("mode"),
                me,
                jarOwner);
        if (problem != null) {
          return problem;
        }
      }
      return null;
    } catch (IOException | RuntimeException e) {
      return "nobody can tell whose it is (" + e + ")";
    }
  }

  /** A group of the same number as its owner is the owner's own, as most systems make them. */
  static String problem(String what, int uid, int gid, int mode, int me, int jarOwner) {
    if (uid != ROOT && uid != me && uid != jarOwner) {
      return what + " belongs to another user (number " + uid + ")";
    }
    boolean openToGroup = (mode & GROUP_MAY_WRITE) != 0 && gid != uid && gid != ROOT;
    return openToGroup || (mode & OTHERS_MAY_WRITE) != 0
        ? "other users may write to " + (what.equals("it") ? "it" : what)
        : null;
  }

  private static int ownerOf(Path path) {
    try {
      return (Integer) Files.getAttribute(path, "unix:uid");
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
