package io.meshagent.core.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What somebody has to know who changes something or looks from another machine, and the file where
 * it stands. Reads and writes files when it is made; immutable.
 */
public final class AccessToken {

  private static final Set<PosixFilePermission> OWNER =
      Collections.unmodifiableSet(
          EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
  private static final int BYTES = 24;
  private static final int SHORTEST = 16;
  private static final int LONGEST = 1_024;

  private final Path file;
  private final byte[] token;

  private AccessToken(Path file, String token) {
    this.file = file;
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * One of this run, in a file of its own that goes with the JVM.
   *
   * @throws IOException if no file can be made that its owner alone may read
   */
  public static AccessToken temporary() throws IOException {
    Path file = Files.createTempFile("mesh-console-", ".token");
    file.toFile().deleteOnExit();
    AccessToken made = new AccessToken(file, random());
    Path unused = Files.write(file, made.token);
    return made;
  }

  /**
   * The one that stands in a file, which is made if it is not there.
   *
   * @throws IOException if it can't be read or made, or others may read it; the message is for
   *     people
   */
  public static AccessToken of(Path file) throws IOException {
    if (!Files.exists(file)) {
      make(file);
    }
    boolean knowsRights = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (knowsRights && !OWNER.containsAll(Files.getPosixFilePermissions(file))) {
      throw new IOException(
          file + " may be read or changed by others; make it its owner's alone (chmod 600)");
    }
    if (Files.size(file) > LONGEST) {
      throw new IOException(file + " is longer than a token");
    }
    String token = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).trim();
    if (token.length() < SHORTEST) {
      throw new IOException(file + " has less than " + SHORTEST + " characters");
    }
    return new AccessToken(file, token);
  }

  /** Whole from its first moment on: several programs may begin at once with the same file. */
  private static void make(Path file) throws IOException {
    // What the JDK makes for a while is its owner's alone, where there are such rights.
    Path written = Files.createTempFile(file.toAbsolutePath().getParent(), ".token", null);
    try {
      Path unused = Files.write(written, (random() + "\n").getBytes(StandardCharsets.UTF_8));
      place(written, file);
    } finally {
      boolean unused = Files.deleteIfExists(written);
    }
  }

  private static void place(Path written, Path file) throws IOException {
    try {
      Path unused = Files.createLink(file, written);
    } catch (FileAlreadyExistsException e) {
      // Another program was quicker: its token is the one.
    } catch (UnsupportedOperationException | FileSystemException e) {
      // Some file systems have no links; there two could still meet.
      Path unused = Files.move(written, file);
    }
  }

  private static String random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public Path file() {
    return file;
  }

  /** Takes as long for what is nearly right as for what is wrong. */
  public boolean is(String said) {
    return MessageDigest.isEqual(token, said.getBytes(StandardCharsets.UTF_8));
  }
}
