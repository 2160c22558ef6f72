package io.meshagent.bootstrap;

import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The table of contents of an archive, as it stands in the file: to find one of thousands of
 * entries no object is made for each of them. An entry is known by where it begins in here.
 * Immutable, thread-safe.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">the ZIP format</a>
 */
final class TableOfContents {

  /** Not the place of any entry. */
  static final int NONE = -1;

  private static final int END_SIZE = 22;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int HEADER_SIZE = 46;

  private final byte[] table;

  /** Where entries begin, plus one; found by the sum of their names, or in the places after it. */
  private final int[] places;

  /**
   * Reads it.
   *
   * @param start where the archive begins in the file
   */
  TableOfContents(LayerArchive file, long start, long size) throws IOException {
    byte[] last = file.bytes(start + size - END_SIZE, END_SIZE);
    if (int4(last, 0) != END_SIGNATURE) {
      throw new IOException("the agent's jar is damaged: it does not end like an archive");
    }
    table = file.bytes(start + int4(last, 16), int4(last, 12));
    places = new int[Integer.highestOneBit(int2(last, 10) + 1) * 4];
    CRC32 sum = new CRC32();
    for (int at = 0; at + HEADER_SIZE <= table.length; at = next(at)) {
      int place = place(sum, table, at + HEADER_SIZE, nameLength(at));
      while (places[place] != 0) {
        place = (place + 1) & (places.length - 1);
      }
      places[place] = at + 1;
    }
  }

  /** The JDK sums in native code, also before anything of ours is compiled. */
  private int place(CRC32 sum, byte[] name, int from, int length) {
    sum.reset();
    sum.update(name, from, length);
    return (int) sum.getValue() & (places.length - 1);
  }

  private int next(int entry) {
    return entry
        + HEADER_SIZE
        + nameLength(entry)
        + int2(table, entry + 30)
        + int2(table, entry + 32);
  }

  /** The entry of this name, or {@link #NONE}. */
  int find(String name) throws UnsupportedEncodingException {
    byte[] wanted = bytes(name);
    int place = place(new CRC32(), wanted, 0, wanted.length);
    while (places[place] != 0) {
      int entry = places[place] - 1;
      if (nameLength(entry) == wanted.length && beginsWith(entry, wanted)) {
        return entry;
      }
      place = (place + 1) & (places.length - 1);
    }
    return NONE;
  }

  @SuppressWarnings("StringCharset") // The other way is in java.nio, which is not for this package.
  private static byte[] bytes(String name) throws UnsupportedEncodingException {
    return name.getBytes("UTF-8");
  }

  private boolean beginsWith(int entry, byte[] start) {
    for (int i = start.length - 1; i >= 0; i--) {
      if (table[entry + HEADER_SIZE + i] != start[i]) {
        return false;
      }
    }
    return true;
  }

  /** The names directly in a folder that ends in a slash. */
  List<String> namesIn(String folder) throws UnsupportedEncodingException {
    byte[] start = bytes(folder);
    List<String> names = new ArrayList<String>();
    for (int at = 0; at + HEADER_SIZE <= table.length; at = next(at)) {
      if (nameLength(at) > start.length && beginsWith(at, start)) {
        String name = new String(table, at + HEADER_SIZE, nameLength(at), "UTF-8");
        if (name.indexOf('/', folder.length()) < 0) {
          names.add(name);
        }
      }
    }
    return names;
  }

  int nameLength(int entry) {
    return int2(table, entry + 28);
  }

  /** Where the entry's own header is, from the beginning of the archive. */
  int header(int entry) {
    return int4(table, entry + 42);
  }

  int packed(int entry) {
    return int4(table, entry + 20);
  }

  int size(int entry) {
    return int4(table, entry + 24);
  }

  /** Whether the bytes stand there as they are. */
  boolean isStored(int entry) {
    return int2(table, entry + 10) == 0;
  }

  static int int2(byte[] in, int at) {
    return (in[at] & 0xff) | (in[at + 1] & 0xff) << 8;
  }

  private static int int4(byte[] in, int at) {
    return int2(in, at) | int2(in, at + 2) << 16;
  }
}
