package io.meshagent.core.registry;

/** How much of what others wrote a directory may hold. Immutable. */
public final class DirectoryLimits {

  private static final long MEGABYTE = 1 << 20;
  private static final long LEAST_BYTES = 16 * MEGABYTE;
  private static final long MOST_BYTES = 64 * MEGABYTE;

  /** What holds where nothing was configured. */
  public static final DirectoryLimits DEFAULT = new DirectoryLimits(20_000, 100_000, 0);

  private final int ofService;
  private final int inAll;
  private final long bytes;

  /**
   * @param ofService instances of one service
   * @param inAll instances of all services, one that hosts two of them counted twice
   * @param megabytes of memory that they may take together, about; 0 for a part of the heap
   */
  public DirectoryLimits(int ofService, int inAll, int megabytes) {
    this.ofService = ofService;
    this.inAll = inAll;
    this.bytes = megabytes == 0 ? partOf(Runtime.getRuntime().maxMemory()) : megabytes * MEGABYTE;
  }

  /** Ten thousand instances that say the usual things of themselves take less than the least. */
  private static long partOf(long heap) {
    return Math.max(LEAST_BYTES, Math.min(heap / 8, MOST_BYTES));
  }

  public int ofService() {
    return ofService;
  }

  public int inAll() {
    return inAll;
  }

  public long bytes() {
    return bytes;
  }

  /** For people, after "there may be". */
  @Override
  public String toString() {
    return ofService
        + " instances of a service (discover.max-instances-per-service) and "
        + inAll
        + " in all (discover.max-instances), in "
        + bytes / MEGABYTE
        + " MB (discover.max-megabytes)";
  }
}
