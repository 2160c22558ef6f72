package io.meshagent.core.call;

/**
 * What a stage says of a call that is about to start. There are four: <em>go</em>, which is null
 * since it is what nearly all calls hear; {@link Wait}; {@link Refusal}; and {@link Answer}.
 */
public interface Verdict {}
