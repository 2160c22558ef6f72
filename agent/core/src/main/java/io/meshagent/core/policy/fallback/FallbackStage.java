package io.meshagent.core.policy.fallback;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Answer;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Response;
import io.meshagent.core.call.ResponseForm;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;
import io.meshagent.core.policy.base.FailureCodes;
import java.util.Locale;

/** Puts a response that was written before in the place of a failure. Immutable. */
final class FallbackStage implements Stage {

  private static final String NAME = "fallback";
  private static final String HEADER = "mesh-fallback";

  private final FallbackRule.Kind kind;
  private final ResponseForm form;
  private final FailureCodes codes;
  private final FallbackCounts counts;

  /** Null unless it is the last good response that is told. */
  private final LastResponses last;

  FallbackStage(
      FallbackRule.Kind kind,
      ResponseForm form,
      FailureCodes codes,
      FallbackCounts counts,
      LastResponses last) {
    this.kind = kind;
    this.form = form;
    this.codes = codes;
    this.counts = counts;
    this.last = last;
  }

  @Override
  public boolean replacesOutcomes() {
    return true;
  }

  @Override
  public ResponseForm makes() {
    return form;
  }

  @Override
  public boolean readsMessages() {
    return last != null;
  }

  @Override
  public boolean keepsState() {
    return last != null;
  }

  @Override
  public boolean marksEveryCall() {
    return last != null && last.looksAtAttempts();
  }

  @Override
  public Verdict enter(Call call) {
    if (last != null && !last.mayShare(call)) {
      call.keep(this, true);
      return null;
    }
    // Else it may fail before it is known what it asks.
    return last != null && call.awaitsRequest() && call.canWait() ? Wait.FOR_REQUEST : null;
  }

  /** What is kept of a call is that its response may be for nobody else. */
  @Override
  public void sending(Call call) {
    if (last != null && call.kept(this) == null && last.findsCredentials(call)) {
      call.keep(this, true);
    }
  }

  @Override
  public Outcome replace(Call call, Outcome outcome) {
    Answer answer = answer(call, outcome);
    return answer == null ? outcome : Outcome.of(answer);
  }

  /** Null for none. */
  private Answer answer(Call call, Outcome outcome) {
    if (outcome.answer() != null || !codes.contains(outcome.code()) || call.hasDelivered()) {
      return null;
    }
    Response response = last == null ? call.made() : call.kept(this) == null ? last.of(call) : null;
    if (response == null) {
      counts.missing.increment();
      return null;
    }
    counts.used(kind).increment();
    return Answer.of(NAME, response).withHeader(HEADER, kind.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public void leave(Call call) {
    if (last != null && call.kept(this) == null) {
      Outcome outcome = call.outcome();
      if (outcome.code() == Code.OK && outcome.answer() == null && call.response() != null) {
        last.keep(call, call.response());
      }
    }
  }

  /** What the program's protobuf would make of the text is not known here: it is taken for good. */
  @Override
  public Verdict observed(Call call) {
    Outcome outcome = call.outcome();
    if (last != null) {
      leave(call);
      return answer(call, outcome);
    }
    if (outcome.answer() != null || !codes.contains(outcome.code()) || call.hasDelivered()) {
      return null;
    }
    return Answer.of(NAME, Response.of(new byte[0]));
  }
}
