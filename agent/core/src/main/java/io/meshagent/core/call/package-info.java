/**
 * The pipeline of a call: its plan, its stages, what they say of it and how it ends. JDK TYPES
 * ONLY, as in {@code api}: adapters extend what is here.
 *
 * <p>Imports: {@code core.api}.
 */
package io.meshagent.core.call;
