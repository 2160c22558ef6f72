package io.meshagent.core.api;

/** Tells the engine of what was caught, an error of any kind too. Stateless. */
public final class Survived {

  private Survived() {}

  /**
   * As {@link Mesh#failed}, for whoever has caught a {@code Throwable}: says so if there is memory
   * and stack left to say it, and throws nothing in any case.
   */
  public static void tell(Mesh mesh, String place, Throwable cause) {
    try {
      mesh.failed(place, cause);
    } catch (Throwable again) {
      // There was neither.
    }
  }
}
