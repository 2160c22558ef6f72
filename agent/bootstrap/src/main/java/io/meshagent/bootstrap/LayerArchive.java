package io.meshagent.bootstrap;

import java.io.EOFException;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads the archive that is stored inside the agent's jar and holds the layers. One archive in the
 * other, because a JVM reads the whole table of contents of each jar on its class path: with 14,000
 * entries at the top, every program would pay for them at start, with gRPC or without.
 *
 * <p>Thread-safe. Does not use {@code FileChannel}, which an interrupt of a program's thread would
 * close for all.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">the ZIP format</a>
 */
final class LayerArchive {

  private static final String NAME = "inst/layers.zip";

  private static final int LOCAL_SIZE = 30;

  /** Guarded by itself: a read is a seek and a read. Null if there is a copy. */
  private final RandomAccessFile file;

  /** What is read instead of the jar; null if there is none. */
  private final UnnamedFile copy;

  /**
   * Never read from; null if there is a copy. On Java 8 a {@code RandomAccessFile} that is
   * collected leaves the file open; a stream on the same descriptor closes it.
   */
  @SuppressWarnings("unused")
  private final FileInputStream closer;

  /** Where the archive begins in the file, and how long it is. */
  private final long start;

  private final int length;

  private final TableOfContents contents;

  /** One to use again, because a new one takes memory beside the heap. Null while it is in use. */
  private final AtomicReference<Inflater> inflaters = new AtomicReference<Inflater>();

  LayerArchive(File jar) throws IOException {
    copy = null;
    file = new RandomAccessFile(jar, "r");
    closer = new FileInputStream(file.getFD());
    TableOfContents outer = new TableOfContents(this, 0, file.length());
    int inner = outer.find(NAME);
    if (inner == TableOfContents.NONE || !outer.isStored(inner)) {
      throw new IOException(jar + " has no stored " + NAME + ": it is not the agent's own jar");
    }
    long header = outer.header(inner);
    byte[] local = bytes(header, LOCAL_SIZE);
    start = header + LOCAL_SIZE + namesLength(local);
    length = outer.packed(inner);
    contents = new TableOfContents(this, start, length);
  }

  private LayerArchive(UnnamedFile copy, LayerArchive original) {
    this.copy = copy;
    file = null;
    closer = null;
    start = 0;
    length = original.length;
    contents = original.contents;
  }

  /**
   * The same in a file that nobody else can get at: who copies a new version of the jar over the
   * old one while the program runs would take away all classes that are not loaded yet.
   *
   * @return this one if there is no room for a copy; else a new one, and this one is closed
   */
  LayerArchive copied() {
    UnnamedFile whole = UnnamedFile.copyOf(file, start, length);
    if (whole == null) {
      return this;
    }
    try {
      closer.close();
      file.close();
    } catch (IOException e) {
      // It was open for reading: nothing is lost.
    }
    return new LayerArchive(whole, this);
  }

  boolean has(String name) throws IOException {
    return contents.find(name) != TableOfContents.NONE;
  }

  /** The names directly in a folder that ends in a slash. */
  List<String> namesIn(String folder) throws IOException {
    return contents.namesIn(folder);
  }

  /** The bytes of an entry, or null if there is none of this name. */
  byte[] read(String name) throws IOException {
    int entry = contents.find(name);
    if (entry == TableOfContents.NONE) {
      return null;
    }
    int packed = contents.packed(entry);
    int from = LOCAL_SIZE + contents.nameLength(entry);
    byte[] bytes = bytes(start + contents.header(entry), from + packed);
    int really = LOCAL_SIZE + namesLength(bytes);
    if (really != from) {
      // Whoever wrote this archive has put something between a name and its bytes.
      bytes = bytes(start + contents.header(entry), really + packed);
    }
    return contents.isStored(entry)
        ? Arrays.copyOfRange(bytes, really, really + packed)
        : unpacked(name, bytes, really, packed, contents.size(entry));
  }

  private byte[] unpacked(String name, byte[] from, int at, int packed, int size)
      throws IOException {
    Inflater known = inflaters.getAndSet(null);
    Inflater inflater = known != null ? known : new Inflater(true);
    try {
      byte[] unpacked = new byte[size];
      inflater.setInput(from, at, packed);
      for (int done = 0; done < size; ) {
        int n = inflater.inflate(unpacked, done, size - done);
        if (n == 0) {
          throw new EOFException(name + " is cut short");
        }
        done += n;
      }
      return unpacked;
    } catch (DataFormatException e) {
      throw new IOException(name + " is damaged", e);
    } finally {
      inflater.reset();
      if (!inflaters.compareAndSet(null, inflater)) {
        inflater.end();
      }
    }
  }

  /** How much stands between an entry's own header and its bytes. */
  private static int namesLength(byte[] local) {
    return TableOfContents.int2(local, 26) + TableOfContents.int2(local, 28);
  }

  /** For {@link TableOfContents}, which a constructor here makes when the file is open. */
  byte[] bytes(long from, int length) throws IOException {
    byte[] read = new byte[length];
    if (copy != null) {
      copy.read(from, read);
      return read;
    }
    synchronized (file) {
      file.seek(from);
      file.readFully(read);
    }
    return read;
  }
}
