package io.meshagent.core.log;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.Type;

/** What class files name in their constant pools. Class names have slashes. */
final class NamedMembers {

  private static final Pattern TEST_LIBRARY =
      Pattern.compile("junit|assertj|awaitility|hamcrest|opentest4j|apiguardian|surefire");

  private NamedMembers() {}

  /** Names and descriptors of the members of a class that other classes of the libraries name. */
  static Set<String> byLibrariesOf(String owner) throws IOException {
    Set<String> named = new TreeSet<>();
    for (String jar : libraries()) {
      addMembersNamedIn(new File(jar), owner, named);
    }
    return named;
  }

  static Set<String> classesNamedBy(Class<?> type) throws IOException {
    try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      return classesNamedIn(new ClassReader(in.readAllBytes()));
    }
  }

  /** Names and descriptors of the public methods, as if the class bore another name. */
  static Set<String> publicMethodsOf(Class<?> type, String name) {
    return Arrays.stream(type.getMethods())
        .map(
            method ->
                method.getName()
                    + Type.getMethodDescriptor(method).replace(Type.getInternalName(type), name))
        .collect(Collectors.toSet());
  }

  private static List<String> libraries() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .filter(entry -> !TEST_LIBRARY.matcher(new File(entry).getName()).find())
        .collect(Collectors.toList());
  }

  private static void addMembersNamedIn(File jar, String owner, Set<String> members)
      throws IOException {
    try (JarFile file = new JarFile(jar)) {
      for (JarEntry entry : Collections.list(file.entries())) {
        String name = entry.getName();
        if (name.endsWith(".class") && !name.startsWith(owner)) {
          try (InputStream in = file.getInputStream(entry)) {
            addMembers(new ClassReader(in.readAllBytes()), owner, members);
          }
        }
      }
    }
  }

  /** Walks the constant pool: 9, 10 and 11 are references to fields and methods. */
  private static void addMembers(ClassReader reader, String owner, Set<String> members) {
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int offset = reader.getItem(i);
      int tag = offset == 0 ? 0 : reader.readByte(offset - 1);
      if (tag >= 9 && tag <= 11 && reader.readClass(offset, buffer).equals(owner)) {
        int nameAndType = reader.getItem(reader.readUnsignedShort(offset + 2));
        members.add(
            reader.readUTF8(nameAndType, buffer) + reader.readUTF8(nameAndType + 2, buffer));
      }
    }
  }

  private static Set<String> classesNamedIn(ClassReader reader) {
    char[] buffer = new char[reader.getMaxStringLength()];
    Set<String> classes = new TreeSet<>();
    for (int i = 1; i < reader.getItemCount(); i++) {
      int offset = reader.getItem(i);
      if (offset != 0 && reader.readByte(offset - 1) == 7) {
        classes.add(reader.readUTF8(offset, buffer));
      }
    }
    return classes;
  }
}
