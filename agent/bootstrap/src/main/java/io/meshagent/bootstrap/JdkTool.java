package io.meshagent.bootstrap;

/**
 * Tells the JDK's own tools ({@code jps}, {@code keytool}, {@code javac} …) from programs: with the
 * agent in {@code JAVA_TOOL_OPTIONS} they all load it, and none of them wants it.
 */
final class JdkTool {

  private JdkTool() {}

  /**
   * Whether this JVM runs a tool.
   *
   * @param mainModule the property {@code jdk.module.main}: the tools are started as modules
   * @param command the property {@code sun.java.command}: on Java 8 it begins with their main class
   */
  static boolean isRunning(String mainModule, String command) {
    String main = command == null ? "" : command;
    if (mainModule != null) {
      // "java Program.java" runs a program, though by way of the compiler's module.
      boolean sourceLauncher = main.contains("com.sun.tools.javac.launcher.");
      return (mainModule.startsWith("jdk.") || mainModule.startsWith("java.")) && !sourceLauncher;
    }
    return main.startsWith("sun.tools.")
        || main.startsWith("com.sun.tools.")
        || main.startsWith("sun.security.tools.")
        || main.startsWith("sun.rmi.");
  }
}
