#pragma once

namespace sluice::databases {

// Numbers of PostgreSQL's own types; they never change (pg_type.dat).
constexpr unsigned int kBool = 16, kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kOid = 26, kJson = 114,
                       kFloat4 = 700, kFloat8 = 701, kDate = 1082, kTime = 1083, kTimestamp = 1114, kTimestampTz = 1184,
                       kInterval = 1186, kNumeric = 1700, kJsonb = 3802;

/// The type of an array's elements; 0: it is no array of a type that is known
constexpr unsigned int element_of(unsigned int array) {
    constexpr unsigned int kArrays[][2] = {
        {1000, kBool},      {1001, kBytea},       {1005, kInt2},     {1007, kInt4},    {1016, kInt8}, {1028, kOid},
        {199, kJson},       {3807, kJsonb},       {1021, kFloat4},   {1022, kFloat8},  {1182, kDate}, {1183, kTime},
        {1115, kTimestamp}, {1185, kTimestampTz}, {1187, kInterval}, {1231, kNumeric}, {1009, 25},    {1015, 1043},
        {1014, 1042},       {1003, 19},           {2951, 2950},      {1041, 869},      {1270, 1266},  {791, 790}};
    for (const auto& [of, element] : kArrays) {
        if (of == array) return element;
    }
    return 0;
}

}  // namespace sluice::databases
