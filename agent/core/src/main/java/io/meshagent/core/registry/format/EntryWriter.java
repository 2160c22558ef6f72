package io.meshagent.core.registry.format;

import io.meshagent.core.api.Instance;
import io.meshagent.core.config.EntryFormat;
import io.meshagent.core.config.EntrySource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What stands in etcd of an instance: one key in each of the wanted formats. Immutable. Keys depend
 * on service, address and JVM only, so that whatever else an instance says of itself may change.
 *
 * <p>The clients of go-zero take our JSON for an address, and those of kratos lose their whole list
 * to a bare address. So formats have to stand apart; one that would not is left out.
 */
public final class EntryWriter {

  private final String jvm;

  /** What stands before the service in the keys of each format that is written. */
  private final Map<EntryFormat, String> roots = new EnumMap<>(EntryFormat.class);

  private final List<String> problems = new ArrayList<>();

  /**
   * @param formats in the order of their importance
   * @param prefixes for each format, without a slash at the end; may be empty for go-zero
   * @param reads where programs of other frameworks are known to have their entries
   * @param jvm what no other JVM has, for the keys of the formats that need a number of their own
   */
  public EntryWriter(
      List<EntryFormat> formats,
      Map<EntryFormat, String> prefixes,
      List<EntrySource> reads,
      String jvm) {
    this.jvm = jvm;
    for (EntryFormat format : formats) {
      String root = prefixes.get(format);
      String other = inTheWay(format, root, reads);
      if (other == null) {
        roots.put(format, root);
      } else {
        problems.add(
            "registry.write: nothing is written for "
                + format
                + ", because its keys would stand below "
                + root
                + " among those of "
                + other
                + ", and clients of the one can't read the other; give it a prefix of its own");
      }
    }
  }

  /** Etcd's own format and no other. */
  public static EntryWriter etcd(String prefix) {
    return new EntryWriter(
        Collections.singletonList(EntryFormat.ETCD),
        Collections.singletonMap(EntryFormat.ETCD, prefix),
        Collections.emptyList(),
        "");
  }

  /** Null if nothing is. */
  private String inTheWay(EntryFormat format, String root, List<EntrySource> reads) {
    for (Map.Entry<EntryFormat, String> written : roots.entrySet()) {
      if (overlap(root, written.getValue())) {
        return written.getKey().word();
      }
    }
    // What is ours in the first place stays: without it this program's own mesh would not see it.
    for (EntrySource read :
        format == EntryFormat.ETCD ? Collections.<EntrySource>emptyList() : reads) {
      if (read.format() != format && overlap(root, read.prefix())) {
        return read.format().word();
      }
    }
    return null;
  }

  private static boolean overlap(String one, String other) {
    // Without a prefix keys begin with the service, and no service begins with a slash.
    return !one.isEmpty()
        && !other.isEmpty()
        && ((one + "/").startsWith(other + "/") || (other + "/").startsWith(one + "/"));
  }

  /** Why a format is left out, in sentences without a full stop; empty if none is. */
  public List<String> problems() {
    return Collections.unmodifiableList(problems);
  }

  /** Key and value in each format. */
  public Map<String, String> entries(String service, Instance instance) {
    Map<String, String> entries = new LinkedHashMap<>();
    UUID id =
        UUID.nameUUIDFromBytes((jvm + " " + instance.hostPort()).getBytes(StandardCharsets.UTF_8));
    roots.forEach(
        (format, root) -> {
          switch (format) {
            case GO_ZERO:
              entries.put(
                  GoZeroCodec.key(root, service, id.getMostSignificantBits()),
                  GoZeroCodec.value(instance));
              break;
            case KRATOS:
              entries.put(
                  KratosCodec.key(root, service, id.toString()),
                  KratosCodec.value(id.toString(), service, instance));
              break;
            default:
              entries.put(
                  InstanceCodec.key(root, service, instance), InstanceCodec.value(instance));
          }
        });
    return entries;
  }
}
