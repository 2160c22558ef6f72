package io.meshagent.core.api;

/** Tells the engine of what was caught, an error of any kind too. Stateless. */
public final class Survived {

  private Survived() {}

  /**
   * As {@link Agent#failed}, for whoever has caught a {@code Throwable}: says so if there is memory
   * and stack left to say it, and throws nothing in any case.
   */
  public static void tell(Agent agent, String place, Throwable cause) {
    try {
      agent.failed(place, cause);
    } catch (Throwable again) {
      // There was neither.
    }
  }
}
