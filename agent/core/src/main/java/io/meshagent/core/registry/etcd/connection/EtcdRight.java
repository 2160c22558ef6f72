package io.meshagent.core.registry.etcd.connection;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Permission;

/** What a role allows: to read or write some keys. Immutable. */
public final class EtcdRight {

  /** In place of an end: all keys from the first on. */
  private static final ByteString NO_END = ByteString.copyFrom(new byte[1]);

  private final boolean writes;
  private final ByteString key;
  private final ByteString end;
  private final String namespace;

  EtcdRight(Permission permission, String namespace) {
    this.writes = permission.getPermType() != Permission.Type.READ;
    this.key = permission.getKey();
    this.end = permission.getRangeEnd();
    this.namespace = namespace;
  }

  /** Whether it allows writing some key below a prefix, which ends in a slash. */
  public boolean writesBelow(String prefix) {
    ByteString begin = ByteString.copyFromUtf8(namespace + prefix);
    if (!writes) {
      return false;
    }
    boolean beginsInTime = compare(key, EtcdClient.endOf(begin)) < 0;
    boolean endsLater =
        end.isEmpty() ? compare(key, begin) >= 0 : isOpen() || compare(end, begin) > 0;
    return beginsInTime && endsLater;
  }

  private boolean isOpen() {
    return end.equals(NO_END);
  }

  private static int compare(ByteString one, ByteString other) {
    return ByteString.unsignedLexicographicalComparator().compare(one, other);
  }

  /** The keys, for people: without the namespace. */
  public String keys() {
    String from = inside(key);
    if (end.isEmpty()) {
      return from;
    }
    boolean isPrefix = !key.isEmpty() && !isOpen() && end.equals(EtcdClient.endOf(key));
    return isPrefix ? from + "*" : "from " + from + " on";
  }

  private String inside(ByteString text) {
    String whole = text.toStringUtf8();
    return whole.startsWith(namespace) ? whole.substring(namespace.length()) : whole;
  }
}
