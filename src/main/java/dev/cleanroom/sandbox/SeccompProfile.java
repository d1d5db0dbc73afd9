package dev.cleanroom.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;

/**
 * What {@link SeccompFilter} denies, as the JSON that Docker and Podman take. Arguments are compared as the kernel reads them,
 * 32 bits: a comparison of the whole register would miss a value with other bits above. Foreign architectures need no rule:
 * libseccomp kills them unless they are listed.
 */
final class SeccompProfile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long INT = 0xFFFFFFFFL;
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    private static final int FAMILIES = 64; // address families that Linux may come to have; it has 46

    private final ArrayNode rules = JSON.createArrayNode();

    private SeccompProfile() {}

    static String json() {
        var profile = new SeccompProfile();
        profile.build();
        var all = JSON.createObjectNode().put("defaultAction", "SCMP_ACT_ALLOW");
        all.set("syscalls", profile.rules);
        return all.toString();
    }

    private void build() {
        deny(SeccompFilter.denied(), EPERM);
        deny(List.of("clone3"), ENOSYS);
        for (long flags = SeccompFilter.NEW_NAMESPACES; flags != 0; flags &= flags - 1) {
            long flag = Long.lowestOneBit(flags);
            when(deny(List.of("clone"), EPERM), 0, flag, flag);
        }
        for (int request : SeccompFilter.TERMINAL_INJECTION) {
            when(deny(List.of("ioctl"), EPERM), 1, INT, request);
        }
        for (int family = 0; family < FAMILIES; family++) {
            if (!SeccompFilter.ADDRESS_FAMILIES.contains(family)) {
                when(deny(List.of("socket"), EPERM), 0, INT, family);
            }
        }
    }

    private ObjectNode deny(Collection<String> calls, int error) {
        var rule = rules.addObject().put("action", "SCMP_ACT_ERRNO").put("errnoRet", error);
        calls.stream().sorted().forEach(rule.putArray("names")::add);
        return rule;
    }

    private static void when(ObjectNode rule, int argument, long mask, long value) {
        rule.putArray("args")
                .addObject()
                .put("index", argument)
                .put("value", mask)
                .put("valueTwo", value)
                .put("op", "SCMP_CMP_MASKED_EQ");
    }
}
