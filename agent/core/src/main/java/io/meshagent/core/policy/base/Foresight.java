package io.meshagent.core.policy.base;

/**
 * What a policy of a server would do with a call that nobody makes, as far as that can be told
 * beforehand. For people; immutable.
 */
public final class Foresight {

  /** What would become of the call. */
  public enum Then {
    /** It goes on. */
    GOES_ON,
    /** Chance decides, or what is not known beforehand. */
    DEPENDS,
    /** It waits. */
    WAITS,
    /** It is refused. */
    REFUSED
  }

  private final Then then;
  private final boolean against;
  private final boolean settled;
  private final String setting;
  private final String says;

  private Foresight(Then then, boolean against, boolean settled, String setting, String says) {
    this.then = then;
    this.against = against;
    this.settled = settled;
    this.setting = setting;
    this.says = says;
  }

  /**
   * The call goes on at this moment.
   *
   * @param setting that decides, as it is written: {@code server.access@helloworld.Greeter}
   * @param says what it does, with its verb and after the policy's name: {@code lets shop in}
   */
  public static Foresight goesOn(String setting, String says) {
    return new Foresight(Then.GOES_ON, false, false, setting, says);
  }

  /** It goes on at any moment; as {@link #goesOn} otherwise. */
  public static Foresight alwaysGoesOn(String setting, String says) {
    return new Foresight(Then.GOES_ON, false, true, setting, says);
  }

  /** What becomes of it can't be told; as {@link #goesOn} otherwise. */
  public static Foresight depends(String setting, String says) {
    return new Foresight(Then.DEPENDS, false, false, setting, says);
  }

  /** Something becomes of a share of such calls; as {@link #goesOn} otherwise. */
  public static Foresight harms(String setting, String says) {
    return new Foresight(Then.DEPENDS, true, false, setting, says);
  }

  /** It waits; as {@link #goesOn} otherwise. */
  public static Foresight waits(String setting, String says) {
    return new Foresight(Then.WAITS, true, false, setting, says);
  }

  /** It is refused; as {@link #goesOn} otherwise. */
  public static Foresight refused(String setting, String says) {
    return new Foresight(Then.REFUSED, true, false, setting, says);
  }

  public Then then() {
    return then;
  }

  /** Whether it is a cause of calls that fail or are slow. */
  public boolean isAgainst() {
    return against;
  }

  /** Whether such calls go on at any moment, so that others than they were refused. */
  public boolean isSettled() {
    return settled;
  }

  /** The setting that decides, as it is written. */
  public String setting() {
    return setting;
  }

  /** What the policy does, with its verb and after the policy's name. */
  public String says() {
    return says;
  }
}
