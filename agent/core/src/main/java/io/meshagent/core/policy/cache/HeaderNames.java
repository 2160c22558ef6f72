package io.meshagent.core.policy.cache;

import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Type;
import io.meshagent.core.config.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Names of request headers, {@code x-tenant,accept-language}. Immutable. */
public final class HeaderNames {

  private static final int MOST = 20;

  private final List<String> names;

  private HeaderNames(List<String> names) {
    this.names = names;
  }

  static Type<HeaderNames> type() {
    return Types.simple(
        "list of headers",
        "",
        text -> {
          List<String> names = new ArrayList<>();
          for (String item : Types.items(text)) {
            String name = item.toLowerCase(Locale.ROOT);
            if (!name.matches("[a-z0-9_.-]{1,100}") || name.endsWith("-bin")) {
              return Parsed.problem("is not a list of headers like x-tenant,accept-language");
            }
            if (!names.contains(name)) {
              names.add(name);
            }
          }
          return names.size() > MOST
              ? Parsed.problem("names more than " + MOST + " headers")
              : Parsed.value(new HeaderNames(names));
        },
        HeaderNames::toString);
  }

  /** These and others, each once. */
  HeaderNames and(Collection<String> others) {
    Set<String> all = new LinkedHashSet<>(names);
    all.addAll(others);
    return new HeaderNames(new ArrayList<>(all));
  }

  boolean contains(String name) {
    return names.contains(name);
  }

  int size() {
    return names.size();
  }

  String name(int index) {
    return names.get(index);
  }

  /** As it is written in a file. */
  @Override
  public String toString() {
    return String.join(",", names);
  }
}
