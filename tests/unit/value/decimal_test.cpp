#include "value/decimal.h"

#include "support/test.h"

using namespace sluice;

namespace {
Decimal decimal(const char* text) {
    return *Decimal::parse(text);
}
}  // namespace

TEST_CASE("decimals keep the digits that they were written with") {
    CHECK(decimal("1.50").text() == "1.50");
    CHECK(decimal("-0.00").text() == "0.00");
    CHECK(decimal("1E+10").text() == "1E+10");
    CHECK(decimal("1E+10").plain_text() == "10000000000");
    CHECK(decimal("123E-10").text() == "1.23E-8");
    CHECK(decimal("0.000001").text() == "0.000001");
    CHECK_FALSE(Decimal::parse("1.2.3"));
    CHECK_FALSE(Decimal::parse(""));
    CHECK_FALSE(Decimal::parse("1E999999"));
}

TEST_CASE("decimals calculate as Java's do") {
    CHECK(decimal("1.1").times(decimal("2.0")).text() == "2.20");
    CHECK(decimal("0.1").plus(decimal("0.2")).text() == "0.3");
    CHECK(decimal("1").minus(decimal("1.25")).text() == "-0.25");
    CHECK(decimal("1").divided_by(decimal("3")).text() == "0.3333333333333333333333333333333333");
    CHECK(decimal("1.0").divided_by(decimal("4.0")).text() == "0.25");
    CHECK(decimal("7.5").remainder(decimal("-2")).text() == "1.5");
    CHECK(decimal("2").divided_by(decimal("3")).text() == "0.6666666666666666666666666666666667");
}

TEST_CASE("decimals are rounded half-even") {
    CHECK(decimal("2.5").rounded_to_scale(0).text() == "2");
    CHECK(decimal("3.5").rounded_to_scale(0).text() == "4");
    CHECK(decimal("0.125").rounded_to_scale(2).text() == "0.12");
    CHECK(Decimal::exact(0.135).rounded_to_scale(2).text() == "0.14");
    CHECK(decimal("9.99").rounded_to_precision(2).text() == "10");
    CHECK(decimal("0.004").rounded_to_scale(1).text() == "0.0");
    CHECK(Decimal::exact(0.1).text().size() > 50);
    CHECK(Decimal::shortest(0.1).text() == "0.1");
}

TEST_CASE("decimals compare by value, and are equal by their digits") {
    CHECK(decimal("1.0").compare(decimal("1.00")) == 0);
    CHECK_FALSE(decimal("1.0") == decimal("1.00"));
    CHECK(decimal("-1").compare(decimal("0.1")) < 0);
}
