"""Small published tables, typed in: figures of DfE, Open Government Licence v3.0."""

# ruff: noqa: E501 (rows and figures as they are published, each on a line)

from __future__ import annotations

EES = "time_period,time_identifier,geographic_level,country_code,country_name"
PLACE = "Academic year,National,E92000001,England"

KS4_HEADER = (
    f"{EES},institution_group,institution_type,breakdown_topic,breakdown,data_type,version,inst_count,cohort,"
    "overall,education,fe,ssf,sfc,other_edu,ind,appru,special,spi,edu_combo,he,appren,appl3,appl2,all_work,"
    "all_notsust,notsust,notsust_ben,only_ben,all_unknown,unknown_id,unknown"
)
MAINSTREAM = "State-funded mainstream schools"

KS4_COUNTS = (
    f"202223,{PLACE},{MAINSTREAM},Total,Total,Total,Number of students,Provisional,3316,593735,542314,507450,"
    "219004,208897,76614,c,c,c,c,c,c,c,19403,9487,9916,15461,33704,c,c,c,17717,c,c"
)
KS4_PERCENTS = (
    f"202223,{PLACE},{MAINSTREAM},Total,Total,Total,Percentage,Provisional,3316,593735,91.3,85.5,"
    "36.9,35.2,12.9,c,c,c,c,c,low,low,3.3,1.6,1.7,2.6,5.7,c,c,c,3,c,c"
)
KS4 = f"{KS4_HEADER}\n{KS4_COUNTS}\n{KS4_PERCENTS}\n"


def gap_rows(year: str = "202223", others: str = "Not disadvantaged") -> str:
    """Rows of the disadvantaged and the others, percentages alone."""
    start = f"{year},{PLACE},{MAINSTREAM},Total,Disadvantage Status"
    rest = ",".join(["c"] * 22)
    return (
        f"{start},Disadvantaged,Percentage,Provisional,z,151912,83,{rest}\n"
        f"{start},{others},Percentage,Provisional,z,441823,94.2,{rest}\n"
    )


PT_HEADER = (
    "RECTYPE,LEA,ESTAB,URN,ICLOSE,SCHNAME,NFTYPE,COHORT,OVERALL_DEST,APPREN,EMPLOYMENT,EDUCATION,FE,SCH_6TH,"
    "SIXTH_COL,OTHER_EDU,NOT_SUSTAINED,UNKNOWN,OVERALL_DESTPER,COHORT_DIS,OVERALL_DEST_DIS,OVERALL_DESTPER_DIS,"
    "COHORT_NONDIS,OVERALL_DEST_NONDIS,OVERALL_DESTPER_NONDIS"
)
PT_ROW = "1,202,4000,137181,0,The UCL Academy,AC,161,152,1,2,149,28,119,1,1,8,1,94%,86,80,93%,75,72,96%"
PT_NATIONAL = "NAT,,,,,,,528139,497037,22539,16570,457928,194858,196140,56382,10548,26414,4688,94%,142045,125685,88%,386094,371352,96%"
PT = f"{PT_HEADER}\n{PT_ROW}\n{PT_NATIONAL}\n"
