package io.meshagent.core.policy.fault;

import io.meshagent.core.api.Side;
import io.meshagent.core.config.Key;
import io.meshagent.core.config.Types;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The settings of faults that are injected, on either side. */
public final class FaultKeys {

  public static final Key<FaultRule> CLIENT_FAULT =
      Key.live(
              "client.fault",
              FaultRule.type(),
              "off",
              "What goes wrong with a share of this program's calls before they are sent, to see"
                  + " what it makes of that; delays are 60s at most.")
          .perMethod();
  public static final Key<FaultRule> SERVER_FAULT =
      Key.live(
              "server.fault",
              FaultRule.type(),
              "off",
              "What goes wrong with a share of the calls that this program answers, before it sees"
                  + " them; callers can't tell it from a failure.")
          .perMethod();

  /** One for all. */
  public static final Key<Boolean> FAULTS =
      Key.live(
          "faults",
          Types.bool(),
          "true",
          "Whether client.fault and server.fault do anything: off ends all of it at once.");

  static final List<Key<?>> ALL =
      Collections.unmodifiableList(Arrays.<Key<?>>asList(CLIENT_FAULT, SERVER_FAULT));

  static final List<Key<?>> SWITCHES = Collections.unmodifiableList(Arrays.<Key<?>>asList(FAULTS));

  private FaultKeys() {}

  static Key<FaultRule> fault(Side side) {
    return side == Side.CLIENT ? CLIENT_FAULT : SERVER_FAULT;
  }
}
