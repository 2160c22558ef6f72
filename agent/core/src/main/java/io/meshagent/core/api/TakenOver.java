package io.meshagent.core.api;

/** What was found in a program that ran before the agent. Immutable. */
public final class TakenOver {

  public static final TakenOver NOTHING = new TakenOver(0, 0);

  private final int servers;
  private final int channels;

  public TakenOver(int servers, int channels) {
    this.servers = servers;
    this.channels = channels;
  }

  /** Both together: another copy of gRPC has its own. */
  public TakenOver plus(TakenOver other) {
    return new TakenOver(servers + other.servers, channels + other.channels);
  }

  /** {@code 1 server, 3 channels}. */
  @Override
  public String toString() {
    return servers
        + (servers == 1 ? " server, " : " servers, ")
        + channels
        + (channels == 1 ? " channel" : " channels");
  }
}
