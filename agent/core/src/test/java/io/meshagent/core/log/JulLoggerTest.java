package io.meshagent.core.log;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.Type;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JulLoggerTest {

  private static final String JDK_LOGGER = "java/util/logging/Logger";
  private static final Pattern TEST_LIBRARY =
      Pattern.compile("junit|assertj|awaitility|hamcrest|opentest4j|apiguardian|surefire");

  @AfterEach
  void quiet() {
    Log.setLevel(Log.Level.WARN);
  }

  @Test
  void has_every_member_of_the_jdks_logger_that_a_library_names() throws IOException {
    Set<String> named = new TreeSet<>();
    for (String entry : libraries()) {
      named.addAll(loggerMembersNamedIn(new File(entry)));
    }

    assertThat(named)
        .as("what the libraries name")
        .contains("getLogger(Ljava/lang/String;)L" + JDK_LOGGER + ";");
    assertThat(methodsOf(JulLogger.class)).containsAll(named);
  }

  @Test
  void does_not_name_the_class_it_stands_for() throws IOException {
    try (InputStream in = JulLogger.class.getResourceAsStream("JulLogger.class")) {
      assertThat(classesNamedIn(new ClassReader(in.readAllBytes()))).doesNotContain(JDK_LOGGER);
    }
  }

  @Test
  void says_nothing_unless_the_agent_is_at_debug_level() {
    JulLogger logger = JulLogger.getLogger("a.library");

    assertThat(logger.isLoggable(Level.SEVERE)).isFalse();
    Log.setLevel(Log.Level.DEBUG);
    assertThat(logger.isLoggable(Level.SEVERE)).isTrue();
    assertThat(logger.isLoggable(Level.INFO)).isTrue();
    assertThat(logger.isLoggable(Level.FINE)).isFalse();
    assertThat(logger.isLoggable(Level.OFF)).isFalse();
  }

  @Test
  void survives_what_libraries_pass() {
    Log.setLevel(Log.Level.DEBUG);
    JulLogger logger = JulLogger.getLogger("a.library");

    logger.log(Level.WARNING, null, (Throwable) null);
    logger.log(Level.WARNING, "a {brace} that is no format", new Object[] {1});
    logger.log(Level.WARNING, "{0} of {1}", new Object[] {null});
    LogRecord record = new LogRecord(Level.WARNING, "{0} happened");
    record.setParameters(new Object[] {"it"});
    record.setThrown(new IllegalStateException("shown with its stack trace"));
    logger.log(record);

    assertThat(logger.getName()).isEqualTo("a.library");
  }

  private static List<String> libraries() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .filter(entry -> !TEST_LIBRARY.matcher(new File(entry).getName()).find())
        .collect(Collectors.toList());
  }

  private static Set<String> loggerMembersNamedIn(File jar) throws IOException {
    Set<String> members = new TreeSet<>();
    try (JarFile file = new JarFile(jar)) {
      for (JarEntry entry : Collections.list(file.entries())) {
        if (entry.getName().endsWith(".class")) {
          try (InputStream in = file.getInputStream(entry)) {
            addLoggerMembers(new ClassReader(in.readAllBytes()), members);
          }
        }
      }
    }
    return members;
  }

  /** Walks the constant pool: 9, 10 and 11 are references to fields and methods. */
  private static void addLoggerMembers(ClassReader reader, Set<String> members) {
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int offset = reader.getItem(i);
      int tag = offset == 0 ? 0 : reader.readByte(offset - 1);
      if (tag >= 9 && tag <= 11 && reader.readClass(offset, buffer).equals(JDK_LOGGER)) {
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

  /** Names and descriptors of the public methods, as if the class bore the name it gets. */
  private static Set<String> methodsOf(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .map(
            method ->
                method.getName()
                    + Type.getMethodDescriptor(method)
                        .replace(Type.getInternalName(type), JDK_LOGGER))
        .collect(Collectors.toSet());
  }
}
