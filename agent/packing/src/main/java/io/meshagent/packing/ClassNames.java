package io.meshagent.packing;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a class file may mean by a text in its constant pool: whatever it uses, extends, catches,
 * calls or names in a type stands there, and so does each constant string, by which classes are
 * loaded by name. Stateless.
 *
 * @see <a href="https://docs.oracle.com/javase/specs/jvms/se17/html/jvms-4.html#jvms-4.4">the
 *     constant pool</a>
 */
final class ClassNames {

  private static final int MAGIC = 0xCAFEBABE;

  /** A type within a descriptor or a signature. */
  private static final Pattern TYPE = Pattern.compile("L([^;<>:()\\[]+)[;<]");

  private ClassNames() {}

  /** Names with slashes, of classes that exist or do not. */
  static Set<String> in(byte[] classFile) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
    if (in.readInt() != MAGIC) {
      throw new IOException("this is no class file");
    }
    in.skipNBytes(4);
    int count = in.readUnsignedShort();
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> add(in.readUTF(), names);
        case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
        case 15 -> in.skipNBytes(3);
        case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
        case 5, 6 -> {
          in.skipNBytes(8);
          i++; // They take two places.
        }
        default -> throw new IOException("a class file has a constant of the unknown kind " + tag);
      }
    }
    return names;
  }

  private static void add(String text, Set<String> names) {
    names.add(text.replace('.', '/'));
    for (Matcher type = TYPE.matcher(text); type.find(); ) {
      names.add(type.group(1));
    }
  }
}
