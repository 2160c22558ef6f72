package io.meshagent.core.telemetry.access;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.log.LogWriter;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * Takes down what is known of a call when it ends; the line itself is made by the thread that
 * writes. Stands outside of all policies, and counts the attempts that leave.
 */
final class AccessLogStage implements Stage {

  private final LogWriter writer;
  private final Function<AccessLine, String> format;
  private final double sample;

  /** What is kept for one call. Attempts leave one at a time, and all before it ends. */
  private static final class Course {
    int attempts;

    /** Null for nothing; with a separator in between. */
    String notes;
  }

  /**
   * @param sample the share of good calls that get a line
   */
  AccessLogStage(LogWriter writer, Function<AccessLine, String> format, double sample) {
    this.writer = writer;
    this.format = format;
    this.sample = sample;
  }

  @Override
  public boolean keepsState() {
    return true;
  }

  /** Else nobody could say how many attempts there were. */
  @Override
  public boolean marksEveryCall() {
    return true;
  }

  @Override
  public boolean takesNotes() {
    return true;
  }

  @Override
  public Verdict enter(Call call) {
    call.keep(this, new Course());
    return null;
  }

  @Override
  public void sending(Call call) {
    course(call).attempts++;
  }

  @Override
  public void noted(Call call, String what) {
    Course course = course(call);
    if (course.notes == null || course.notes.length() < AccessLine.LONGEST) {
      course.notes = course.notes == null ? what : course.notes + AccessLine.BETWEEN + what;
    }
  }

  private Course course(Call call) {
    return (Course) call.kept(this);
  }

  @Override
  public void leave(Call call) {
    if (sample < 1
        && call.code() == Code.OK
        && ThreadLocalRandom.current().nextDouble() >= sample) {
      return;
    }
    Course course = course(call);
    AccessLine line =
        new AccessLine(call, System.currentTimeMillis(), course.attempts, course.notes);
    writer.write(() -> format.apply(line));
  }
}
