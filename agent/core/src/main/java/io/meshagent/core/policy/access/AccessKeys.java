package io.meshagent.core.policy.access;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.Types;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The settings of access. */
public final class AccessKeys {

  public static final Key<AccessRule> ACCESS =
      Key.live(
              "server.access",
              AccessRule.type(),
              "off",
              "Which applications may call: allow shop, cart-*; deny *. The first clause that"
                  + " speaks of a caller counts. A caller is whom the certificate of its"
                  + " connection names, without one the app.name that its agent says; tls:NAME is"
                  + " the former alone.")
          .perMethod();
  public static final Key<AccessMode> MODE =
      Key.live(
              "server.access.mode",
              Types.oneOf(AccessMode.class),
              "report",
              "Whether a call that server.access does not let in is counted and told of in the log"
                  + " (report), or refused, too (enforce: PERMISSION_DENIED).")
          .perMethod();

  static final List<Key<?>> ALL = Collections.unmodifiableList(Arrays.<Key<?>>asList(ACCESS, MODE));

  private AccessKeys() {}

  /** Whether by any rule it makes a difference what callers say of themselves. */
  static boolean needNames(Settings settings) {
    return settings.sources().stream()
        .filter(setting -> setting.key() == ACCESS)
        .anyMatch(setting -> settings.written(ACCESS, Key.selectorOf(setting.name())).needsNames());
  }
}
