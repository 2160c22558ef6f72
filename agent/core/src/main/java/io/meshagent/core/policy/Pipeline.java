package io.meshagent.core.policy;

import io.meshagent.core.call.Stage;
import java.util.Arrays;
import java.util.Objects;

/** An ordered list of stages without those that a method has none of. */
final class Pipeline {

  private Pipeline() {}

  static Stage[] of(Stage... stages) {
    return Arrays.stream(stages).filter(Objects::nonNull).toArray(Stage[]::new);
  }
}
