package dev.cleanroom.backup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What stands at the beginning of a backup.
 *
 * @param format of the file: {@link #FORMAT}
 * @param server the version that wrote it
 * @param postgres major version that it was read from
 * @param schema the newest migration that its tables have
 * @param at ISO-8601
 * @param keyIds public ids of the master keys that its sealed values need, the newest first
 * @param sealedKey the master keys under a passphrase; null if they were left out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
record Header(
        int format, String server, int postgres, String schema, String at, List<String> keyIds, String sealedKey) {
    static final int FORMAT = 1;
}
