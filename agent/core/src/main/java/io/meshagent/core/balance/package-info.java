/** Ways to spread calls over instances. Imports api only. */
package io.meshagent.core.balance;
