/**
 * The pipeline of a call: its plan, its stages, and what they say of it. JDK TYPES ONLY, as in
 * {@code api}: adapters extend what is here.
 *
 * <p>Imports: {@code core.api}.
 */
package io.meshagent.core.call;
