package io.meshagent.bootstrap;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * A temporary file that has lost its name as soon as it was made: nobody can change it, and it goes
 * with the process, however that ends. Not on Windows, where a file that is open keeps its name,
 * and where nobody can overwrite our jar while it is in use either.
 *
 * <p>The directory may be anybody's to write to. So there is one open, which makes the file with
 * rights for its owner alone, or fails if there is anything of that name, a link included; never a
 * second one by the name, behind which another file may stand by then.
 *
 * <p>Thread-safe. The channel is the one kind that an interrupt of the thread that reads does not
 * close for all. Everything is done on the caller's thread all the same, and told to a handler: the
 * JDK's class of futures for that keeps the stack on which it was first used, and so the program's
 * classes that stand there, for the life of the JVM.
 */
final class UnnamedFile implements CompletionHandler<Integer, Object> {

  /** A copy that would fill the disk would do more harm than good. */
  private static final long SPACE_TO_LEAVE = 256L << 20;

  private static final int BUFFER = 1 << 16;
  private static final int ATTEMPTS = 10;

  private static final Set<OpenOption> ONCE =
      new HashSet<OpenOption>(
          Arrays.asList(
              StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));

  private final AsynchronousFileChannel channel;

  /** Guarded by this. Direct: given an array, the JDK would keep such a one for each thread. */
  private final ByteBuffer buffer;

  /** Guarded by this, as the next two: what is known of the last transfer. */
  private int transferred;

  private Throwable failure;

  /** The JDK takes an interrupt away after it has called a handler; it is the program's. */
  private boolean interrupted;

  private UnnamedFile(AsynchronousFileChannel channel, ByteBuffer buffer) {
    this.channel = channel;
    this.buffer = buffer;
  }

  /**
   * A copy of a part of another file.
   *
   * @return null if there is no place for it
   */
  static UnnamedFile copyOf(RandomAccessFile from, long start, long length) {
    UnnamedFile copy = null;
    try {
      copy = create(length);
      if (copy != null) {
        copy.fill(from, start, length);
      }
      return copy;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // A system of files without owners, a manager that refuses, no memory outside the heap …
      if (copy != null) {
        copy.close();
      }
      return null;
    }
  }

  private static UnnamedFile create(long length) throws IOException {
    String directory = System.getProperty("java.io.tmpdir");
    if (directory == null || File.separatorChar == '\\') {
      return null;
    }
    File place = new File(directory);
    if (place.getUsableSpace() < length + SPACE_TO_LEAVE) {
      return null;
    }
    for (int i = 0; i < ATTEMPTS; i++) {
      // Not File.createTempFile: its random numbers cost more than the whole copy.
      File file = new File(place, "mesh-agent-" + Long.toHexString(System.nanoTime()) + ".tmp");
      try {
        return open(file.toPath());
      } catch (FileAlreadyExistsException e) {
        // Another name, then.
      }
    }
    return null;
  }

  /**
   * Makes a file and takes its name away.
   *
   * @throws FileAlreadyExistsException if there is anything of this name
   */
  static UnnamedFile open(Path path) throws IOException {
    FileAttribute<?> ownersAlone =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    // First, because there may be no memory for it, and nobody would close the file then.
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    AsynchronousFileChannel made =
        AsynchronousFileChannel.open(path, ONCE, new CallersThread(), ownersAlone);
    File named = path.toFile();
    if (!named.delete()) {
      named.deleteOnExit();
    }
    return new UnnamedFile(made, buffer);
  }

  private synchronized void fill(RandomAccessFile from, long start, long length)
      throws IOException {
    byte[] bytes = new byte[BUFFER];
    from.seek(start);
    for (long at = 0; at < length; ) {
      int n = (int) Math.min(length - at, BUFFER);
      from.readFully(bytes, 0, n);
      buffer.clear();
      buffer.put(bytes, 0, n);
      buffer.flip();
      while (buffer.hasRemaining()) {
        begin();
        channel.write(buffer, at, null, this);
        at += transferred();
      }
    }
  }

  /** Fills the array with what stands from there on. */
  synchronized void read(long from, byte[] into) throws IOException {
    for (int at = 0; at < into.length; ) {
      buffer.clear();
      buffer.limit(Math.min(into.length - at, BUFFER));
      begin();
      channel.read(buffer, from + at, null, this);
      int n = transferred();
      if (n < 0) {
        throw new EOFException();
      }
      buffer.flip();
      buffer.get(into, at, n);
      at += n;
    }
  }

  long length() throws IOException {
    return channel.size();
  }

  private void begin() {
    transferred = 0;
    failure = new IOException("the transfer was not done");
    interrupted = false;
  }

  @Override
  public void completed(Integer bytes, Object unused) {
    transferred = bytes;
    failure = null;
    interrupted = Thread.currentThread().isInterrupted();
  }

  @Override
  public void failed(Throwable cause, Object unused) {
    failure = cause;
    interrupted = Thread.currentThread().isInterrupted();
  }

  /** What came of a transfer, which was done on this thread by the time the channel returned. */
  private int transferred() throws IOException {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new IOException(failure);
    }
    return transferred;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It has no name: nothing is left of it.
    }
  }

  /**
   * The engine's classes are let go, not closed; the JDK closes no channel of this kind by itself.
   */
  @Override
  @SuppressWarnings("Finalize") // There is no other way on Java 8 without a thread that waits.
  protected void finalize() {
    close();
  }
}
