package io.meshagent.core.call;

/**
 * What a stage says of a call that is about to start: null to let it go on, {@link Wait} or a
 * {@link Refusal}.
 */
public interface Verdict {}
