package io.meshagent.bootstrap;

import java.io.EOFException;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UnsupportedEncodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private static final int END_SIZE = 22;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int HEADER_SIZE = 46;
  private static final int LOCAL_SIZE = 30;
  private static final int STORED = 0;

  /** Where the bytes of an entry are, from the beginning of its archive. */
  private static final class Entry {
    final int header;
    final int packed;
    final int size;
    final int method;

    Entry(int header, int packed, int size, int method) {
      this.header = header;
      this.packed = packed;
      this.size = size;
      this.method = method;
    }
  }

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

  private final Map<String, Entry> entries;

  LayerArchive(File jar) throws IOException {
    copy = null;
    file = new RandomAccessFile(jar, "r");
    closer = new FileInputStream(file.getFD());
    Entry inner = contents(0, file.length()).get(NAME);
    if (inner == null || inner.method != STORED) {
      throw new IOException(jar + " has no stored " + NAME + ": it is not the agent's own jar");
    }
    start = dataOf(0, inner);
    length = inner.packed;
    entries = contents(start, length);
  }

  private LayerArchive(UnnamedFile copy, LayerArchive original) {
    this.copy = copy;
    file = null;
    closer = null;
    start = 0;
    length = original.length;
    entries = original.entries;
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

  boolean has(String name) {
    return entries.containsKey(name);
  }

  /** The names directly in a folder that ends in a slash. */
  List<String> namesIn(String folder) {
    List<String> names = new ArrayList<String>();
    for (String name : entries.keySet()) {
      if (name.startsWith(folder) && name.indexOf('/', folder.length()) < 0) {
        names.add(name);
      }
    }
    return names;
  }

  /** The bytes of an entry, or null if there is none of this name. */
  byte[] read(String name) throws IOException {
    Entry entry = entries.get(name);
    if (entry == null) {
      return null;
    }
    byte[] packed = bytes(dataOf(start, entry), entry.packed);
    if (entry.method == STORED) {
      return packed;
    }
    Inflater inflater = new Inflater(true);
    try {
      byte[] unpacked = new byte[entry.size];
      inflater.setInput(packed);
      for (int at = 0; at < unpacked.length; ) {
        int n = inflater.inflate(unpacked, at, unpacked.length - at);
        if (n == 0) {
          throw new EOFException(name + " is cut short");
        }
        at += n;
      }
      return unpacked;
    } catch (DataFormatException e) {
      throw new IOException(name + " is damaged", e);
    } finally {
      inflater.end();
    }
  }

  /** The table of contents of an archive in the file. */
  private Map<String, Entry> contents(long from, long size) throws IOException {
    byte[] last = bytes(from + size - END_SIZE, END_SIZE);
    if (int4(last, 0) != END_SIGNATURE) {
      throw new IOException("the agent's jar is damaged: it does not end like an archive");
    }
    int count = int2(last, 10);
    byte[] table = bytes(from + int4(last, 16), int4(last, 12));
    Map<String, Entry> found = new HashMap<String, Entry>(count * 2);
    for (int at = 0; at + HEADER_SIZE <= table.length; ) {
      int nameLength = int2(table, at + 28);
      String name = text(table, at + HEADER_SIZE, nameLength);
      if (!name.endsWith("/")) {
        found.put(
            name,
            new Entry(
                int4(table, at + 42),
                int4(table, at + 20),
                int4(table, at + 24),
                int2(table, at + 10)));
      }
      at += HEADER_SIZE + nameLength + int2(table, at + 30) + int2(table, at + 32);
    }
    return found;
  }

  private long dataOf(long archive, Entry entry) throws IOException {
    byte[] local = bytes(archive + entry.header, LOCAL_SIZE);
    return archive + entry.header + LOCAL_SIZE + int2(local, 26) + int2(local, 28);
  }

  private byte[] bytes(long from, int length) throws IOException {
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

  private static String text(byte[] in, int from, int length) throws UnsupportedEncodingException {
    return new String(in, from, length, "UTF-8");
  }

  private static int int2(byte[] in, int at) {
    return (in[at] & 0xff) | (in[at + 1] & 0xff) << 8;
  }

  private static int int4(byte[] in, int at) {
    return int2(in, at) | int2(in, at + 2) << 16;
  }
}
