package io.meshagent.core.policy.mirror;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Types;

/** Which calls are copied, to whom, and how many at once. */
final class MirrorKeys {

  static final Key<MirrorRule> MIRROR =
      Key.live(
              "client.mirror",
              MirrorRule.type(),
              "",
              "The share of unary calls of which a copy is sent to other instances, whose answers"
                  + " are thrown away: 10% -> version=3. Several clauses, separated by ;, share the"
                  + " calls among them.")
          .perMethod();
  static final Key<Integer> MAX =
      Key.live(
          "client.mirror.max",
          Types.number(0, 10_000),
          "100",
          "How many copies may be under way at once, of all methods together; further ones are not"
              + " sent.");

  private MirrorKeys() {}
}
