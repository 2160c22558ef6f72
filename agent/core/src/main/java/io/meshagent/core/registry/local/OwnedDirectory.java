package io.meshagent.core.registry.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/**
 * The registry's directory, which must be ours alone: whoever can write into it can send our calls
 * anywhere. Blocks for the disk; confined to the registry's loop.
 */
final class OwnedDirectory {

  private final Path path;

  OwnedDirectory(Path path) {
    this.path = path;
  }

  /** The directory can't be trusted, or not be had; the message is a sentence for people. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message);
    }
  }

  /** Makes the directory if it is not there. */
  void prepare() throws Unusable {
    try {
      if (!exists()) {
        create(path);
      }
      check();
    } catch (IOException e) {
      throw new Unusable("the directory " + path + " cannot be used (" + e + ")");
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
    Path unused =
        isPosix(directory)
            ? Files.createDirectory(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
            : Files.createDirectory(directory);
  }

  static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private void check() throws IOException, Unusable {
    BasicFileAttributes attributes = attributes();
    if (attributes.isSymbolicLink() || !attributes.isDirectory()) {
      throw new Unusable(path + " is not a directory of its own but a link or a file");
    }
    UserPrincipal owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
    UserPrincipal me = me();
    if (!owner.equals(me)) {
      throw new Unusable(
          "the directory "
              + path
              + " belongs to "
              + owner
              + " and not to "
              + me
              + ", who runs this");
    }
    if (isPosix(path)) {
      Set<PosixFilePermission> rights =
          Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes()
              .permissions();
      if (rights.contains(PosixFilePermission.GROUP_WRITE)
          || rights.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new Unusable("other users may write to the directory " + path);
      }
    }
  }

  /** Who a new file would belong to: in containers the user's name may be unknown. */
  private static UserPrincipal me() throws IOException {
    Path probe = Files.createTempFile("mesh-agent", null);
    try {
      return Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS);
    } finally {
      Files.delete(probe);
    }
  }
}
