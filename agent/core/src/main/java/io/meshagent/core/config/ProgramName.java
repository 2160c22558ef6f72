package io.meshagent.core.config;

import java.io.File;
import java.util.Properties;

/** Guesses what a program is called from the command that started it. */
final class ProgramName {

  private ProgramName() {}

  /** The simple name of the main class, or the jar's file name without its ending, or null. */
  static String of(Properties system) {
    String command = system.getProperty("sun.java.command", "").trim();
    if (command.isEmpty()) {
      return null;
    }
    String first = command.split(" ", 2)[0];
    String jar = jar(command, first, system.getProperty("java.class.path", ""));
    if (jar != null) {
      String file = jar.substring(Math.max(jar.lastIndexOf('/'), jar.lastIndexOf('\\')) + 1);
      return notEmpty(file.substring(0, file.length() - ".jar".length()));
    }
    String mainClass = first.substring(first.lastIndexOf('/') + 1);
    return notEmpty(mainClass.substring(mainClass.lastIndexOf('.') + 1));
  }

  /**
   * With {@code -jar} the jar is the class path's first entry, which also tells where spaces end.
   */
  private static String jar(String command, String first, String classPath) {
    String entry = classPath.split(File.pathSeparator, 2)[0];
    if (entry.endsWith(".jar") && (command + " ").startsWith(entry + " ")) {
      return entry;
    }
    return first.endsWith(".jar") ? first : null;
  }

  private static String notEmpty(String name) {
    return name.isEmpty() ? null : name;
  }
}
