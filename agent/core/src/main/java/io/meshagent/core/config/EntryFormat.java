package io.meshagent.core.config;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who else writes instances into etcd, each in a layout of its own. */
public enum EntryFormat {
  /** Etcd's own naming package for Go; a bare {@code host:port} is read as well. */
  ETCD,
  /** {@code core/discov} of go-zero. */
  GO_ZERO,
  /** {@code contrib/registry/etcd} of go-kratos. */
  KRATOS;

  /** As it is written in settings: {@code go-zero}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Null if there is none of that name. */
  static EntryFormat of(String word) {
    return Stream.of(values()).filter(one -> one.word().equals(word)).findFirst().orElse(null);
  }

  static String words() {
    return Stream.of(values()).map(EntryFormat::word).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return word();
  }
}
