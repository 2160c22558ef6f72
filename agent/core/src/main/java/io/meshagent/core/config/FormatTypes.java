package io.meshagent.core.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The types of the keys that say what is read from etcd and what is written there. */
final class FormatTypes {

  private FormatTypes() {}

  /** Bad ones are told, and the others count. */
  static Type<List<EntrySource>> sources() {
    return Types.simple(
        "list of format:prefix",
        "formats " + EntryFormat.words(),
        text -> {
          Set<EntrySource> sources = new LinkedHashSet<>();
          List<String> problems = new ArrayList<>();
          for (String item : Types.items(text)) {
            Parsed<EntrySource> source = EntrySource.parse(item);
            if (source.isProblem()) {
              problems.add(item + " " + source.problem());
            } else {
              sources.add(source.value());
            }
          }
          List<EntrySource> value = Collections.unmodifiableList(new ArrayList<>(sources));
          return problems.isEmpty()
              ? Parsed.value(value)
              : Parsed.partly(value, String.join(", and ", problems));
        },
        FormatTypes::joined);
  }

  static Type<List<EntryFormat>> formats() {
    return Types.simple(
        "list of words",
        EntryFormat.words(),
        text -> {
          Set<EntryFormat> formats = new LinkedHashSet<>();
          for (String item : Types.items(text)) {
            EntryFormat format = EntryFormat.of(item);
            if (format == null) {
              return Parsed.problem(
                  "holds " + item + ", which is not one of " + EntryFormat.words());
            }
            formats.add(format);
          }
          return formats.isEmpty()
              ? Parsed.problem("names none of " + EntryFormat.words())
              : Parsed.value(Collections.unmodifiableList(new ArrayList<>(formats)));
        },
        FormatTypes::joined);
  }

  private static String joined(List<?> list) {
    return list.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** What stands before every key, byte for byte. */
  static Type<String> namespace() {
    return Types.simple(
        "text",
        "",
        text ->
            text.matches("\\S*")
                ? Parsed.value(text)
                : Parsed.problem("has a space in it, and is no beginning of a key"),
        text -> text);
  }
}
