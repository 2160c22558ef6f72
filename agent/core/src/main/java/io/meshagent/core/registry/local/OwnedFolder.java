package io.meshagent.core.registry.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * A directory that must be ours alone, because whoever can write into it can send our calls
 * anywhere: that of the local registry, and that of the snapshots of a remote one. Blocks for the
 * disk; confined to its owner's loop.
 */
public final class OwnedFolder {

  private final Path path;

  /** Whose files this process makes; null until it was found out. */
  private UserPrincipal me;

  public OwnedFolder(Path path) {
    this.path = path;
  }

  /** The directory can't be trusted, or not be had; the message is a sentence for people. */
  public static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message);
    }
  }

  /** Makes the directory if it is not there. */
  public void prepare() throws Unusable {
    try {
      if (!exists()) {
        create(path);
      }
      check();
    } catch (IOException e) {
      throw new Unusable("the directory " + path + " cannot be used (" + e + ")");
    }
  }

  /**
   * Why it could not be used, as {@link #prepare} would find; null if nothing is in the way. Makes
   * nothing: who asks may be another user than who will use it.
   */
  public String obstacle() {
    try {
      if (exists()) {
        check();
        return Files.isWritable(path) ? null : "nobody may write to the directory " + path;
      }
      Path above = path.toAbsolutePath().getParent();
      while (above != null && !Files.exists(above)) {
        above = above.getParent();
      }
      boolean room = above != null && Files.isDirectory(above) && Files.isWritable(above);
      return room ? null : "the directory " + path + " can't be made in " + above;
    } catch (Unusable e) {
      return e.getMessage();
    } catch (IOException e) {
      return "the directory " + path + " can't be used (" + e + ")";
    }
  }

  private boolean exists() throws IOException {
    try {
      BasicFileAttributes unused = attributes();
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** With rights for its owner only, from its first moment on where the system can do that. */
  static void create(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null) {
      Path unused = Files.createDirectories(parent);
    }
    try {
      Path unused =
          isPosix(directory)
              ? Files.createDirectory(
                  directory,
                  PosixFilePermissions.asFileAttribute(
                      PosixFilePermissions.fromString("rwx------")))
              : Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
      // Another program was quicker; for the root, whose it is is looked at next.
    }
  }

  /** A new file for its owner only, open for writing. */
  public static FileChannel createFile(Path file) throws IOException {
    Set<OpenOption> options =
        new HashSet<>(
            Arrays.asList(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS));
    FileAttribute<?>[] ownerOnly =
        isPosix(file)
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    return FileChannel.open(file, options, ownerOnly);
  }

  /** Where such a directory of this user is unless the configuration says otherwise. */
  public static Path ofUser(String suffix) {
    String user = FileNames.encode(System.getProperty("user.name", "unknown"));
    return Paths.get(System.getProperty("java.io.tmpdir"), "mesh-agent-" + user + suffix);
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private void check() throws IOException, Unusable {
    BasicFileAttributes attributes = attributes();
    if (attributes.isSymbolicLink() || !attributes.isDirectory()) {
      throw new Unusable(path + " is not a directory of its own but a link or a file");
    }
    String owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
    String rights = "";
    if (isPosix(path)) {
      rights =
          PosixFilePermissions.toString(
              Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }
    String problem = problem(path, owner, me().getName(), rights);
    if (problem != null) {
      throw new Unusable(problem);
    }
  }

  /** Why a directory with such an owner and such rights can't be trusted; null if it can. */
  static String problem(Path path, String owner, String me, String rights) {
    if (!owner.equals(me)) {
      return "the directory " + path + " belongs to " + owner + " and not to " + me + ", who asks";
    }
    // By position: user, group and others, each rwx.
    boolean openToOthers =
        rights.length() == 9 && (rights.charAt(4) == 'w' || rights.charAt(7) == 'w');
    return openToOthers ? "other users may write to the directory " + path : null;
  }

  /** Who a new file would belong to: in containers the user's name may be unknown. */
  private UserPrincipal me() throws IOException {
    if (me == null) {
      Path probe = probe();
      try {
        me = Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS);
      } finally {
        Files.delete(probe);
      }
    }
    return me;
  }

  /** In the directory itself only where there is no other: whoever reads it would wonder. */
  private Path probe() throws IOException {
    try {
      return Files.createTempFile("mesh-agent", null);
    } catch (IOException noTemporaryDirectory) {
      return Files.createTempFile(path, ".owner", null);
    }
  }
}
