package io.meshagent.jar;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import net.bytebuddy.jar.asm.ClassReader;

/** The finished jar, entry by entry. */
final class AgentJar implements AutoCloseable {

  private final JarFile jar;

  AgentJar() throws IOException {
    jar = new JarFile(System.getProperty("mesh.agent.jar"));
  }

  JarFile file() {
    return jar;
  }

  /** The names of all entries below a folder, directories left out. */
  List<String> entries(String folder) {
    List<String> names = new ArrayList<>();
    jar.stream()
        .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(folder))
        .map(JarEntry::getName)
        .forEach(names::add);
    return names;
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

  /** 52 is Java 8. */
  int classFileVersion(String entry) {
    return new ClassReader(bytes(entry)).readUnsignedShort(6);
  }

  private byte[] bytes(String entry) {
    try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    jar.close();
  }
}
