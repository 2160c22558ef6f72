package io.meshagent.core.registry.etcd.connection;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.StatusResponse;
import java.util.List;

/** What a member of etcd says of itself. Immutable. */
public final class EtcdMember {

  /** Fields that jetcd's message lacks; etcd has them since 3.4. */
  private static final int ERRORS = 8;

  private static final int IS_LEARNER = 10;

  private final String version;
  private final boolean hasLeader;
  private final boolean learner;
  private final String alarms;
  private final boolean loggedIn;

  EtcdMember(StatusResponse status, boolean loggedIn) {
    this.version = status.getVersion();
    this.hasLeader = status.getLeader() != 0;
    this.learner =
        status.getUnknownFields().getField(IS_LEARNER).getVarintList().stream()
            .anyMatch(value -> value != 0);
    List<ByteString> errors = status.getUnknownFields().getField(ERRORS).getLengthDelimitedList();
    StringBuilder all = new StringBuilder();
    errors.forEach(error -> all.append(error.toStringUtf8()).append(' '));
    this.alarms = all.toString();
    this.loggedIn = loggedIn;
  }

  public String version() {
    return version;
  }

  public boolean hasLeader() {
    return hasLeader;
  }

  public boolean isLearner() {
    return learner;
  }

  /** Whether it takes nothing more until somebody makes room. */
  public boolean isFull() {
    return alarms.contains("NOSPACE");
  }

  public boolean isCorrupt() {
    return alarms.contains("CORRUPT");
  }

  /** Whether it knows who asks; false where it has no users. */
  public boolean isLoggedIn() {
    return loggedIn;
  }
}
