package io.meshagent.jar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import net.bytebuddy.jar.asm.ClassReader;

/** The finished jar, entry by entry; what is in its inner archive has the prefix {@code inst/}. */
public final class AgentJar implements AutoCloseable {

  private static final String INNER = "inst/layers.zip";

  /** A type as it stands in a descriptor or a signature. */
  private static final Pattern TYPE = Pattern.compile("L([\\w/$]+)[;<]");

  private final JarFile jar;
  private final Map<String, byte[]> entries = new TreeMap<>();
  private final Set<String> stored = new HashSet<>();

  public AgentJar() throws IOException {
    jar = new JarFile(System.getProperty("mesh.agent.jar"));
    for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
      try (InputStream in = jar.getInputStream(entry)) {
        if (entry.getName().equals(INNER)) {
          readInner(new ZipInputStream(in));
        } else if (!entry.isDirectory()) {
          entries.put(entry.getName(), in.readAllBytes());
        }
      }
    }
  }

  /**
   * Puts the compiled classes of a layer in the place of the packed ones: a class that the packing
   * has rewritten no longer names what the compiler has only taken a constant of.
   */
  void useCompiled(String layer) throws IOException {
    Path folder = Path.of("..", "agent", layer, "target", "classes");
    entries.keySet().removeIf(name -> name.startsWith("inst/" + layer + "/io/meshagent/"));
    try (Stream<Path> files = Files.walk(folder.resolve("io/meshagent"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        entries.put("inst/" + layer + "/" + name, Files.readAllBytes(file));
      }
    }
  }

  private void readInner(ZipInputStream in) throws IOException {
    for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
      entries.put("inst/" + entry.getName(), in.readAllBytes());
      if (entry.getMethod() == ZipEntry.STORED) {
        stored.add("inst/" + entry.getName());
      }
    }
  }

  JarFile file() {
    return jar;
  }

  /** The names of all entries below a folder, directories left out. */
  List<String> entries(String folder) {
    List<String> names = new ArrayList<>(entries.keySet());
    names.removeIf(name -> !name.startsWith(folder));
    return names;
  }

  boolean contains(String entry) {
    return entries.containsKey(entry);
  }

  /** Whether an entry of the inner archive is not compressed. */
  boolean isStored(String entry) {
    return stored.contains(entry);
  }

  String textOf(String entry) {
    return new String(bytes(entry), StandardCharsets.UTF_8);
  }

  /** Every constant string of a class file, with slashes where there were dots. */
  Set<String> stringsOf(String entry) {
    Set<String> strings = new TreeSet<>();
    ClassReader reader = new ClassReader(bytes(entry));
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int at = reader.getItem(i);
      if (at > 0 && reader.readByte(at - 1) == 8) {
        strings.add(reader.readUTF8(at, buffer).replace('.', '/'));
      }
    }
    return strings;
  }

  /** Every method that a class file calls, as {@code java/lang/Class.forName}. */
  Set<String> methodsCalledBy(String entry) {
    Set<String> methods = new TreeSet<>();
    ClassReader reader = new ClassReader(bytes(entry));
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int at = reader.getItem(i);
      if (at > 0 && (reader.readByte(at - 1) == 10 || reader.readByte(at - 1) == 11)) {
        int nameAndType = reader.getItem(reader.readUnsignedShort(at + 2));
        methods.add(reader.readClass(at, buffer) + "." + reader.readUTF8(nameAndType, buffer));
      }
    }
    return methods;
  }

  /** Every type that a class file of ours or of a library names in its constant pool. */
  Set<String> referencesOf(String entry) {
    Set<String> types = new TreeSet<>();
    ClassReader reader = new ClassReader(bytes(entry));
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int at = reader.getItem(i);
      if (at > 0 && reader.readByte(at - 1) == 7) {
        String type = reader.readUTF8(at, buffer);
        types.add(type.startsWith("[") ? type.replaceAll("^\\[+L?|;$", "") : type);
      }
    }
    types.remove(reader.getClassName());
    return types;
  }

  /** The same, and those that stand in types of fields, parameters and results alone. */
  Set<String> typesOf(String entry) {
    Set<String> types = referencesOf(entry);
    byte[] file = bytes(entry);
    ClassReader reader = new ClassReader(file);
    for (int i = 1; i < reader.getItemCount(); i++) {
      int at = reader.getItem(i);
      if (at > 0 && reader.readByte(at - 1) == 1) {
        int length = reader.readUnsignedShort(at);
        Matcher named = TYPE.matcher(new String(file, at + 2, length, StandardCharsets.UTF_8));
        while (named.find()) {
          types.add(named.group(1));
        }
      }
    }
    return types;
  }

  /** The class files directly in a folder. */
  public List<byte[]> classFiles(String folder) {
    List<byte[]> files = new ArrayList<>();
    entries.forEach(
        (name, bytes) -> {
          if (name.startsWith(folder) && name.indexOf('/', folder.length()) < 0) {
            files.add(bytes);
          }
        });
    return files;
  }

  /** 52 is Java 8. */
  int classFileVersion(String entry) {
    return new ClassReader(bytes(entry)).readUnsignedShort(6);
  }

  private byte[] bytes(String entry) {
    return entries.get(entry);
  }

  @Override
  public void close() throws IOException {
    jar.close();
  }
}
