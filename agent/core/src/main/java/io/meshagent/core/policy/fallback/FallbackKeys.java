package io.meshagent.core.policy.fallback;

import io.meshagent.core.config.Key;
import io.meshagent.core.policy.base.FailureCodes;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The settings of what is told in the place of failures. */
public final class FallbackKeys {

  public static final Key<FallbackRule> FALLBACK =
      Key.live(
              "client.fallback",
              FallbackRule.type(),
              "off",
              "The response that a unary call gets instead of failing: default is one without any"
                  + " field set, last the last good one to the same request, json:{…} and text:… are"
                  + " written here as protobuf writes them.")
          .perMethod();
  public static final Key<FailureCodes> CODES =
      Key.live(
              "client.fallback.codes",
              FailureCodes.type("needs no other response"),
              "UNAVAILABLE,DEADLINE_EXCEEDED,RESOURCE_EXHAUSTED",
              "The status codes that client.fallback stands in for; the agent's own refusals have"
                  + " them, too.")
          .perMethod();

  static final List<Key<?>> ALL =
      Collections.unmodifiableList(Arrays.<Key<?>>asList(FALLBACK, CODES));

  private FallbackKeys() {}
}
