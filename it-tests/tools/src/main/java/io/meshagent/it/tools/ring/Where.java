package io.meshagent.it.tools.ring;

/**
 * Names what a test is doing by its stack: the call of the harness that it made last, or its own
 * line. Stateless.
 */
final class Where {

  private Where() {}

  /** {@code Jvm.awaitPort:57}: a call of the harness and the line of the test that made it. */
  static String of(String testClass, StackTraceElement[] stack) {
    String call = null;
    for (StackTraceElement frame : stack) {
      if (frame.getClassName().startsWith(testClass)) {
        return (call == null ? waiting(stack) : call) + ":" + frame.getLineNumber();
      }
      if (frame.getClassName().startsWith("io.meshagent.it.")) {
        call = simple(frame.getClassName()) + "." + frame.getMethodName();
      }
    }
    return call == null ? "junit" : call;
  }

  private static String waiting(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      if (frame.getClassName().startsWith("org.awaitility")) {
        return "await";
      }
    }
    return "own";
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1).replaceFirst("\\$.*", "");
  }
}
