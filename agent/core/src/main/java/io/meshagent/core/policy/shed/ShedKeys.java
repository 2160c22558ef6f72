package io.meshagent.core.policy.shed;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Types;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The settings of shedding. */
public final class ShedKeys {

  public static final Key<Boolean> SHED =
      Key.live(
              "server.shed",
              Types.bool(),
              "false",
              "Whether calls are refused (RESOURCE_EXHAUSTED) while the CPU is busy and more of them"
                  + " are under way than this program can answer at once, by what it did lately."
                  + " Not for streams.")
          .perMethod();
  public static final Key<Integer> CPU =
      Key.live(
              "server.shed.cpu",
              Types.percent(),
              "80",
              "The load of the container's CPU, or the machine's where there is none, from which on"
                  + " server.shed refuses calls.")
          .perMethod();

  static final List<Key<?>> ALL = Collections.unmodifiableList(Arrays.<Key<?>>asList(SHED, CPU));

  private ShedKeys() {}
}
