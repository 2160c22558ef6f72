package io.meshagent.core.check;

import io.meshagent.core.registry.format.HostPort;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The entries, addresses, page and gRPC of a program that runs. */
final class RunningLook implements Look {

  static final String REGISTRATION = "registration";

  private static final String PUBLISHED = "published";
  private static final int CONNECT_MILLIS = 1_000;

  private final RunningProgram program;
  private final TimeLimit limit;

  RunningLook(RunningProgram program, TimeLimit limit) {
    this.program = program;
    this.limit = limit;
  }

  @Override
  public Finding late() {
    return Finding.wrong(
        AddressLook.NAME,
        "not every address of this program could be tried in time",
        "check the name service of its machine");
  }

  @Override
  public void look(Consumer<Finding> told) {
    GrpcLook.tell(program.grpcVersions(), told);
    told.accept(Finding.good(AdminLook.NAME, "the admin page is at http://" + program.admin()));
    Map<String, TreeSet<String>> byState = new TreeMap<>();
    TreeSet<String> addresses = new TreeSet<>();
    program
        .entries()
        .forEach(
            (entry, state) -> {
              int blank = entry.indexOf(' ');
              byState.computeIfAbsent(state, none -> new TreeSet<>()).add(entry);
              addresses.add(entry.substring(blank + 1));
            });
    byState.forEach((state, entries) -> told.accept(ofEntries(state, String.join(", ", entries))));
    int missing = program.missing();
    if (missing > 0) {
      told.accept(
          Finding.wrong(
              REGISTRATION,
              (missing == 1 ? "1 entry" : missing + " entries")
                  + " of this program should be in the registry and can't be put there",
              "see what is wrong with etcd; it is tried again and again"));
    }
    if (byState.isEmpty()) {
      told.accept(Finding.good(REGISTRATION, "this program has no server to register"));
    }
    for (String address : addresses) {
      told.accept(ofAddress(address));
    }
  }

  private static Finding ofEntries(String state, String entries) {
    return state.equals(PUBLISHED)
        ? Finding.good(REGISTRATION, "published: " + entries)
        : Finding.hint(
            REGISTRATION,
            state.replace('_', ' ') + ": " + entries,
            "see what is wrong with etcd, or with the program's own health service");
  }

  private Finding ofAddress(String address) {
    HostPort place = HostPort.parse(address);
    InetSocketAddress resolved = place == null ? null : place.resolve();
    if (resolved == null || resolved.isUnresolved()) {
      return Finding.wrong(
          AddressLook.NAME,
          "this program is registered as " + address + ", which no name service here knows",
          "correct register.host");
    }
    String refusal =
        Wire.refusal(resolved.getAddress(), resolved.getPort(), limit.millis(CONNECT_MILLIS));
    return refusal == null
        ? Finding.good(AddressLook.NAME, "its server takes connections at " + address)
        : Finding.wrong(
            AddressLook.NAME,
            "this program is registered as "
                + address
                + ", where no connection gets from its own"
                + " machine ("
                + refusal
                + ")",
            "correct register.host and register.port, or open the firewall");
  }
}
