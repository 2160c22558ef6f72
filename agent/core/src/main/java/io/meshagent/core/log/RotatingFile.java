package io.meshagent.core.log;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A file that is begun anew when it has become too long: what was in it is then {@code NAME.1},
 * what was there {@code NAME.2}, and so on up to a number, beyond which the eldest goes. Each text
 * is written whole into one file. What can't be written goes to the error stream, and the file is
 * tried again a little later; that is said once, until it has been well for a minute. For one
 * thread; opens nothing before the first text.
 */
public final class RotatingFile extends OutputStream {

  /** Few calls into the system for many lines; what waits here is written when no more comes. */
  private static final int BUFFER = 16_384;

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long CALM_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String setting;

  /** Not yet a path: only an attempt to open it tells whether this system has such names. */
  private final File target;

  private final long mostBytes;
  private final int mostFiles;
  private final OutputStream instead;
  private final LongSupplier nanoTime;

  private final byte[] buffer = new byte[BUFFER];
  private int buffered;

  /** Null while it is closed. */
  private OutputStream file;

  /** With what is in the buffer. */
  private long length;

  private long lookedNanos;
  private boolean inTrouble;
  private long triedNanos;

  /** A full disk takes a new file, and then not what is written to it. */
  private boolean told;

  private boolean toldOfLink;

  /** Null where sentences go to the error stream, too. */
  private final Consumer<String> teller;

  RotatingFile(
      String setting,
      File target,
      long mostBytes,
      int mostFiles,
      OutputStream instead,
      LongSupplier nanoTime) {
    this(setting, target, mostBytes, mostFiles, instead, nanoTime, null);
  }

  RotatingFile(
      String setting,
      File target,
      long mostBytes,
      int mostFiles,
      OutputStream instead,
      LongSupplier nanoTime,
      Consumer<String> teller) {
    this.teller = teller;
    this.setting = setting;
    this.target = target;
    this.mostBytes = mostBytes;
    this.mostFiles = mostFiles;
    this.instead = instead;
    this.nanoTime = nanoTime;
  }

  /**
   * The file that a setting names.
   *
   * @param setting for people
   * @param where with {@code %p} for the number of this process
   * @param mostFiles with the one that is written to
   */
  public static RotatingFile of(String setting, String where, int megabytes, int mostFiles) {
    return of(setting, where, megabytes, mostFiles, null);
  }

  /**
   * The same, with somebody who says what is wrong with it.
   *
   * @param teller is given a sentence; null for the error stream
   */
  public static RotatingFile of(
      String setting, String where, int megabytes, int mostFiles, Consumer<String> teller) {
    return new RotatingFile(
        setting,
        new File(where.replace("%p", process())),
        megabytes * 1_000_000L,
        mostFiles,
        LogWriter.errorStream(),
        System::nanoTime,
        teller);
  }

  /** Its number; Java 8 knows it by the file system alone. */
  private static String process() {
    try {
      return Paths.get("/proc/self").toRealPath().getFileName().toString();
    } catch (IOException | RuntimeException e) {
      return ProcessNumber.byTheJdk();
    }
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      if (isOpen()) {
        if (length > 0 && length + count > mostBytes) {
          rotate();
        }
        add(bytes, from, count);
        return;
      }
    } catch (IOException | RuntimeException e) {
      trouble(e);
    }
    instead.write(bytes, from, count);
  }

  private boolean isOpen() throws IOException {
    if (file == null) {
      if (inTrouble && nanoTime.getAsLong() - triedNanos < PAUSE_NANOS) {
        return false;
      }
      open();
    }
    return true;
  }

  private void open() throws IOException {
    Path path = target.toPath();
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
    file = new FileOutputStream(target, true);
    length = Files.isRegularFile(path) ? Files.size(path) : 0;
    inTrouble = false;
  }

  /** A device, or a pipe that somebody reads, is not moved away. */
  private void rotate() throws IOException {
    Path path = target.toPath();
    boolean isThere = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    if (isThere && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      length = 0;
      if (Files.isRegularFile(path) && !toldOfLink) {
        toldOfLink = true;
        tell(
            " is a symbolic link, which is not moved away, so the file is not begun anew when it is"
                + " long; name the file itself, or have whoever made the link see to that");
      }
      return;
    }
    flushBuffer();
    file.close();
    file = null;
    for (int i = mostFiles - 1; i > 0; i--) {
      Path from = i == 1 ? path : numbered(i - 1);
      if (Files.exists(from)) {
        Path unused = Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    boolean unused = mostFiles == 1 && Files.deleteIfExists(path);
    open();
  }

  private Path numbered(int number) {
    return new File(target.getPath() + "." + number).toPath();
  }

  private void add(byte[] bytes, int from, int count) throws IOException {
    if (buffered + count > BUFFER) {
      flushBuffer();
    }
    if (count > BUFFER) {
      file.write(bytes, from, count);
    } else {
      System.arraycopy(bytes, from, buffer, buffered, count);
      buffered += count;
    }
    length += count;
  }

  private void flushBuffer() throws IOException {
    if (buffered > 0) {
      file.write(buffer, 0, buffered);
      buffered = 0;
    }
  }

  private void trouble(Exception e) throws IOException {
    triedNanos = nanoTime.getAsLong();
    boolean first = !told;
    told = true;
    inTrouble = true;
    int rest = buffered;
    buffered = 0;
    closeFile();
    if (first) {
      tell(
          " can't be written ("
              + Printable.of(String.valueOf(e))
              + "); what belongs there goes to the error stream, and the file is tried again every"
              + " 10 s. Make room, or name one that this program may write.");
    }
    instead.write(buffer, 0, rest);
  }

  private void tell(String what) throws IOException {
    String sentence = setting + "=" + Printable.of(target.getPath()) + what;
    if (teller == null) {
      String line = "[mesh-agent] warn: " + sentence + System.lineSeparator();
      instead.write(line.getBytes(StandardCharsets.UTF_8));
    } else {
      teller.accept(sentence);
    }
  }

  @Override
  public void flush() throws IOException {
    if (file != null) {
      try {
        flushBuffer();
        followName();
        told &= nanoTime.getAsLong() - triedNanos < CALM_NANOS;
      } catch (IOException | RuntimeException e) {
        trouble(e);
      }
    }
  }

  /** Somebody may have moved it away or removed it, as logrotate does: then it begins anew. */
  private void followName() throws IOException {
    long now = nanoTime.getAsLong();
    if (now - lookedNanos >= LOOK_NANOS) {
      lookedNanos = now;
      if (!Files.exists(target.toPath(), LinkOption.NOFOLLOW_LINKS)) {
        closeFile();
        open();
      }
    }
  }

  /** May be written to again. */
  @Override
  public void close() throws IOException {
    flush();
    closeFile();
  }

  private void closeFile() {
    OutputStream open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // There is nothing left to do with it.
      }
    }
  }
}
