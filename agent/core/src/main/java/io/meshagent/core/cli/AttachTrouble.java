package io.meshagent.core.cli;

/** What the attach API says when it can't, in words for people. */
final class AttachTrouble {

  /** What follows {@code pid 123: } where there is no answer for that. */
  static final String MANAGER =
      "has not answered, because its security manager does not let the agent come or go while the"
          + " program runs; grant the agent's jar AllPermission, or use -javaagent, which works"
          + " without.";

  static final String NOT_DYNAMIC =
      "takes no agents while it runs (-XX:-EnableDynamicAgentLoading); start it with -javaagent"
          + " instead.";

  private AttachTrouble() {}

  /**
   * Whether it went well although the API does not say so: a newer JDK does not know how an older
   * JVM says yes, nor the other way round.
   */
  static boolean isNone(String said) {
    return said.equals("0") || said.endsWith(": 0") || said.startsWith("Non-numeric value found");
  }

  /**
   * Whether a JVM was started with a security manager.
   *
   * @param property what {@code java.security.manager} says there; the two words mean none yet
   */
  static boolean hasManager(String property) {
    return property != null && !property.equals("allow") && !property.equals("disallow");
  }

  /** What follows {@code pid 123: }. */
  static String sentence(String said) {
    if (said.contains("Dynamic agent loading is not enabled")) {
      return NOT_DYNAMIC;
    }
    if (said.contains("java.instrument") || said.contains("instrument library is missing")) {
      return "can't take any agent, because its Java was made without the module java.instrument;"
          + " make that image with it.";
    }
    if (said.contains("No such process")) {
      return "there is no such process.";
    }
    if (said.contains("not permitted") || said.contains("is not secure")) {
      return "belongs to another user; give the command as that user.";
    }
    if (said.contains("Agent JAR not found")) {
      return "can't read the agent's jar; copy it to the same path in that program's file system.";
    }
    if (said.contains("Unable to open socket file") || said.contains("not responding")) {
      return "does not answer: it is stopped, about to end, or no HotSpot JVM.";
    }
    return "could not be given the order: " + said;
  }
}
