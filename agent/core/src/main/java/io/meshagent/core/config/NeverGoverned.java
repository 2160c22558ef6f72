package io.meshagent.core.config;

/**
 * Services that answer about the server itself, and must work just when all else is refused: no
 * policy refuses or delays their calls. Stateless.
 */
public final class NeverGoverned {

  /** Names end with their last dot. */
  private static final String[] PACKAGES = {"grpc.health.", "grpc.reflection.", "grpc.channelz."};

  private NeverGoverned() {}

  /** Whether it is one of them, or one of their methods. */
  public static boolean includes(String serviceOrMethod) {
    for (String prefix : PACKAGES) {
      if (serviceOrMethod.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
